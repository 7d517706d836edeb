package io.tailrace.ingest.seat;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Cursor.Members;
import io.tailrace.contracts.cursor.Cursor.PartitionPosition;
import io.tailrace.contracts.cursor.Cursor.TopicPosition;
import io.tailrace.contracts.cursor.CursorCodec;
import io.tailrace.contracts.cursor.CursorDecoding;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.contracts.seat.Show;
import io.tailrace.ingest.input.Ids;
import io.tailrace.ingest.show.Layout;
import io.tailrace.ingest.show.Shows;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Seat maps. Anyone may see them, as anyone may follow the channel of a show. */
@Controller("/shows")
@ExecuteOn(TaskExecutors.BLOCKING)
@Secured(SecurityRule.IS_ANONYMOUS)
final class SeatMapController {
    private static final int BYTES_PER_SEAT = 40;

    private final Shows shows;
    private final SeatMaps maps;

    SeatMapController(Shows shows, SeatMaps maps) {
        this.shows = shows;
        this.maps = maps;
    }

    /**
     * Every seat of a show, and the cursor of {@code show:{id}} at which this is true.
     *
     * @param after a cursor of any stream that has the channel: the map is at least as new as it
     */
    @Get(value = "/{id}/seats", produces = MediaType.APPLICATION_JSON)
    @ApiResponse(
            responseCode = "200",
            description = "Every seat, section by section and row by row",
            content = @Content(schema = @Schema(implementation = SeatMapView.class)))
    HttpResponse<byte[]> seats(@PathVariable String id, @Nullable @QueryValue String after) {
        Show show = shows.get(Ids.parse("id", id));
        TakenSeats taken = after == null ? maps.taken(show.id()) : maps.takenAfter(show.id(), cursor(after));
        return HttpResponse.ok(json(show, taken, position(show.id(), taken)))
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    private static Cursor cursor(String text) {
        return switch (CursorCodec.decode(text)) {
            case CursorDecoding.Decoded decoded -> decoded.cursor();
            case CursorDecoding.Malformed malformed ->
                throw new ProblemException(ProblemType.INVALID_CURSOR, "after is not a cursor: " + malformed.detail());
        };
    }

    private String position(UUID showId, TakenSeats taken) {
        Namespace namespace = maps.namespace();
        Generation generation = taken.logGeneration();
        Channel channel = SeatMaps.channel(showId);
        PartitionPosition position = new PartitionPosition(
                channel.partition(namespace.partitions()),
                taken.nextOffset(),
                Cursor.NO_EPOCH,
                Members.of(channel.name()),
                List.of());
        return CursorCodec.encode(
                new Cursor(List.of(new TopicPosition(namespace.number(), generation, List.of(position)))));
    }

    /** Written by hand: a show has up to 200,000 seats, and neither their names nor their states need escapes. */
    private static byte[] json(Show show, TakenSeats taken, String position) {
        List<String> seats = Layout.seats(show);
        StringBuilder out = new StringBuilder(BYTES_PER_SEAT * (seats.size() + 2));
        out.append("{\"position\":\"").append(position).append("\",\"seats\":[");
        for (int i = 0; i < seats.size(); i++) {
            String seat = seats.get(i);
            out.append(i == 0 ? "{\"id\":\"" : ",{\"id\":\"")
                    .append(seat)
                    .append("\",\"state\":\"")
                    .append(taken.states().getOrDefault(seat, "free"))
                    .append("\"}");
        }
        return out.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    }
}
