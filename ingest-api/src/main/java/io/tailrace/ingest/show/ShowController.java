package io.tailrace.ingest.show;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Parameter;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.seat.SeatEvents;
import io.tailrace.contracts.seat.Show;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.idempotency.IdempotentWrites;
import io.tailrace.ingest.idempotency.Stamp;
import io.tailrace.ingest.idempotency.WriteAnswer;
import io.tailrace.ingest.input.Ids;
import io.tailrace.ingest.input.Limits;
import io.tailrace.ingest.log.Appends;
import io.tailrace.ingest.log.EventSource;
import io.tailrace.ingest.log.OutgoingEvent;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.security.Caller;
import java.util.List;
import java.util.UUID;

/** Offering shows, and reading them. */
@Controller("/shows")
@ExecuteOn(TaskExecutors.BLOCKING)
final class ShowController {
    private static final String STALE_HEADER = "Tailrace-Stale";
    private static final String ORGANIZER = "organizer";

    private final Appends log;
    private final IdempotentWrites writes;
    private final Shows shows;
    private final ShowSettings settings;

    ShowController(Appends log, IdempotentWrites writes, Shows shows, ShowSettings settings) {
        this.log = log;
        this.writes = writes;
        this.shows = shows;
        this.settings = settings;
    }

    /** Offers a show; needs the role organizer. */
    @Post
    @Status(HttpStatus.CREATED)
    @Secured(ORGANIZER)
    HttpResponse<CreatedShow> create(
            HttpRequest<?> request, @Parameter(hidden = true) Caller caller, @Body NewShow body) {
        HttpResponse<Show> made = writes.make(request, caller, body, Show.class, write -> {
            Stamp stamp = write.stamp();
            // At the time of the first attempt: what was right then may be in the log, and is answered again, also
            // after the show
            // has begun.
            Show show = body.checked(stamp.id(), caller.subject(), stamp.time(), settings);
            String id = show.id().toString();
            Event event =
                    new Event(id, SeatEvents.SHOW_CREATED, EventSource.INGEST_API, stamp.time(), id, Json.write(show));
            var unused = log.appendOne(OutgoingEvent.fact(Topics.SHOWS, id, event), write.earlier());
            shows.remember(show);
            return WriteAnswer.created(show);
        });
        // The seats follow from the sections, so that only these are kept with an idempotency key.
        Show show = made.body();
        MutableHttpResponse<CreatedShow> response = HttpResponse.status(made.getStatus());
        made.getHeaders().forEach((name, values) -> values.forEach(value -> response.header(name, value)));
        return response.header("Location", "/shows/" + show.id()).body(CreatedShow.of(show));
    }

    /** A page of the shows, the newest first. */
    @Get
    @Secured(SecurityRule.IS_ANONYMOUS)
    HttpResponse<ShowPage> list(@QueryValue @Nullable String limit, @QueryValue @Nullable String before) {
        int wanted = Limits.parse(limit, settings.defaultLimit(), settings.maxLimit());
        Shows.Found found = shows.newest(before == null ? null : Ids.parse("before", before), wanted + 1);
        List<ShowView> shown = found.rows().stream()
                .limit(wanted)
                .map(row -> ShowView.of(row.show()))
                .toList();
        UUID next = found.rows().size() > wanted ? shown.getLast().id() : null;
        MutableHttpResponse<ShowPage> response =
                HttpResponse.ok(new ShowPage(shown, next)).header(HttpHeaders.CACHE_CONTROL, "no-store");
        return found.fresh() ? response : response.header(STALE_HEADER, "true");
    }

    /** The show with this id. */
    @Get("/{id}")
    @Secured(SecurityRule.IS_ANONYMOUS)
    HttpResponse<ShowView> get(@PathVariable String id) {
        return HttpResponse.ok(ShowView.of(shows.get(Ids.parse("id", id))));
    }
}
