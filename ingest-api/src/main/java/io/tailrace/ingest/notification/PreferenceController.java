package io.tailrace.ingest.notification;

import com.fasterxml.jackson.databind.JsonNode;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tailrace.kit.security.Caller;
import java.util.UUID;

/** How the caller wants to be notified. */
@Controller("/account/notifications")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_AUTHENTICATED)
final class PreferenceController {
    private final People people;

    PreferenceController(People people) {
        this.people = people;
    }

    /** What the caller has said, or what holds until they say something. */
    @Get
    HttpResponse<Preferences> get(@Parameter(hidden = true) Caller caller) {
        return answer(people.get(caller.userId()));
    }

    /** Puts what the caller says in the place of all that they said before. */
    @Put
    HttpResponse<Preferences> put(
            @Parameter(hidden = true) Caller caller, @Body @Schema(implementation = Preferences.class) JsonNode body) {
        UUID person = caller.userId();
        return answer(people.put(person, PreferencesReader.read(body)));
    }

    private static HttpResponse<Preferences> answer(Preferences preferences) {
        return HttpResponse.ok(preferences).header(HttpHeaders.CACHE_CONTROL, "private, no-store");
    }
}
