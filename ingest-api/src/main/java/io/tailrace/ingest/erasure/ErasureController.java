package io.tailrace.ingest.erasure;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Parameter;
import io.tailrace.ingest.input.Ids;
import io.tailrace.kit.limit.ClientAddress;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Caller;
import java.util.UUID;

/** Being erased. The password is asked for again, so a key that makes a request idempotent has no effect here. */
@Controller("/account")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ErasureController {
    private final Erasures erasures;
    private final ClientAddress addresses;

    ErasureController(Erasures erasures, ClientAddress addresses) {
        this.erasures = erasures;
        this.addresses = addresses;
    }

    /** Erases the caller, whose tokens stop working. */
    @Delete
    @Status(HttpStatus.ACCEPTED)
    @Secured(SecurityRule.IS_AUTHENTICATED)
    HttpResponse<ErasureView> erase(
            HttpRequest<?> request, @Parameter(hidden = true) Caller caller, @Body ErasureRequest body) {
        String password = body.checked();
        ErasureView erasure = erasures.request(caller.userId(), password, addresses.of(request));
        return HttpResponse.<ErasureView>accepted()
                .header(HttpHeaders.LOCATION, "/account/erasures/" + erasure.id())
                .body(erasure);
    }

    /** How far an erasure is. Whoever knows its id may ask: there is no account left to sign in with. */
    @Get("/erasures/{id}")
    @Secured(SecurityRule.IS_ANONYMOUS)
    ErasureView find(@PathVariable("id") String id) {
        UUID wanted = Ids.parse("id", id);
        return erasures.find(wanted)
                .orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND, "There is no erasure " + wanted));
    }
}
