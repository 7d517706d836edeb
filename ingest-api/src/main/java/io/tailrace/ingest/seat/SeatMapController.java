package io.tailrace.ingest.seat;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.body.CloseableByteBody;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.CursorCodec;
import io.tailrace.contracts.cursor.CursorDecoding;
import io.tailrace.contracts.seat.Show;
import io.tailrace.ingest.input.EntityTags;
import io.tailrace.ingest.input.Ids;
import io.tailrace.ingest.seat.MapMemory.Held;
import io.tailrace.ingest.show.Shows;
import io.tailrace.kit.http.PacedBody;
import io.tailrace.kit.limit.LimitedRead;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.retention.ShowRetention;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Seat maps. Anyone may see them, as anyone may follow the channel of a show. */
@Controller("/shows")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_ANONYMOUS)
final class SeatMapController {
    private final Shows shows;
    private final SeatMaps maps;
    private final SharedSeatMaps shared;
    private final SeatMapReaders readers;
    private final ShowRetention retention;
    private final Duration writeTimeout;

    SeatMapController(
            Shows shows,
            SeatMaps maps,
            SharedSeatMaps shared,
            SeatMapReaders readers,
            ShowRetention retention,
            SeatMapSettings settings) {
        this.shows = shows;
        this.maps = maps;
        this.shared = shared;
        this.readers = readers;
        this.retention = retention;
        this.writeTimeout = settings.writeTimeout();
    }

    /**
     * Every seat of a show, and the cursor of {@code show:{id}} at which this is true. That is its entity tag, too.
     *
     * @param after a cursor of any stream that has the channel: the map is at least as new as it
     */
    @Get(value = "/{id}/seats", produces = MediaType.APPLICATION_JSON)
    @LimitedRead
    @ApiResponse(
            responseCode = "200",
            description = "Every seat, section by section and row by row",
            content = @Content(schema = @Schema(implementation = SeatMapView.class)))
    HttpResponse<?> seats(HttpRequest<?> request, @PathVariable String id, @Nullable @QueryValue String after) {
        UUID showId = Ids.parse("id", id);
        Cursor cursor = after == null ? null : cursor(after);
        readers.enter();
        AtomicBoolean kept = new AtomicBoolean();
        try {
            Show show = shows.get(showId);
            if (retention.isForgotten(show.startsAt(), Instant.now())) {
                // The copies are trimmed, so a map would say that all seats are free.
                throw new ProblemException(
                        ProblemType.NOT_FOUND,
                        "The seats of show " + showId + ", which began at " + show.startsAt() + ", are forgotten");
            }
            SeatMapVersion version = cursor == null ? maps.version(showId) : maps.versionAfter(showId, cursor);
            String position = version.cursor(showId, maps.namespace());
            if (EntityTags.match(request.getHeaders().getAll(HttpHeaders.IF_NONE_MATCH), position)) {
                readers.unchanged();
                return tagged(HttpResponse.notModified(), position);
            }
            return write(request, show, version, kept);
        } finally {
            if (!kept.get()) {
                readers.leave();
            }
        }
    }

    private HttpResponse<?> write(HttpRequest<?> request, Show show, SeatMapVersion version, AtomicBoolean kept) {
        Held held = shared.get(show, version);
        SeatMapVersion made = held.bytes().version();
        // What is held may be of an earlier position of the partition with the same seats.
        String position = (made.isAtLeast(version) ? made : version).cursor(show.id(), maps.namespace());
        CloseableByteBody body;
        try {
            List<byte[]> chunks = new ArrayList<>();
            chunks.add(SeatMapBytes.start(position));
            chunks.addAll(held.bytes().chunks());
            body = PacedBody.of(request, chunks, writeTimeout, () -> {
                shared.release(held);
                readers.leave();
            });
        } catch (RuntimeException e) {
            shared.release(held);
            throw e;
        }
        kept.set(true);
        return tagged(HttpResponse.ok(), position)
                .contentType(MediaType.APPLICATION_JSON_TYPE)
                .body(body);
    }

    private static <T> MutableHttpResponse<T> tagged(MutableHttpResponse<T> response, String position) {
        return response.header(HttpHeaders.ETAG, EntityTags.tag(position))
                // It may be kept, and is asked for before each use.
                .header(HttpHeaders.CACHE_CONTROL, "no-cache");
    }

    private static Cursor cursor(String text) {
        return switch (CursorCodec.decode(text)) {
            case CursorDecoding.Decoded decoded -> decoded.cursor();
            case CursorDecoding.Malformed malformed ->
                throw new ProblemException(ProblemType.INVALID_CURSOR, "after is not a cursor: " + malformed.detail());
        };
    }
}
