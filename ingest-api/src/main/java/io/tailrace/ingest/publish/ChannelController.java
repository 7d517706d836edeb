package io.tailrace.ingest.publish;

import com.fasterxml.jackson.databind.JsonNode;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tailrace.ingest.idempotency.KeyHeader;
import io.tailrace.kit.limit.ClientAddress;
import io.tailrace.kit.security.Caller;

/** Publishing to a channel. */
@Controller("/channels")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_ANONYMOUS)
final class ChannelController {
    private final Publishing publishing;
    private final ClientAddress addresses;

    ChannelController(Publishing publishing, ClientAddress addresses) {
        this.publishing = publishing;
        this.addresses = addresses;
    }

    /** Publishes an event or an array of them. */
    @Post("/{channel}/events")
    @Status(HttpStatus.ACCEPTED)
    HttpResponse<Published> publish(
            HttpRequest<?> request,
            @Parameter(hidden = true) Caller caller,
            @PathVariable String channel,
            @Body @Schema(implementation = Object.class, description = "{type, data, id?} or an array of such events")
                    JsonNode body) {
        return publishing.publish(KeyHeader.of(request), caller, addresses.of(request), channel, body);
    }
}
