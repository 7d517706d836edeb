package io.tailrace.ingest.seat;

import io.tailrace.backends.TestRedis;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.seat.SeatMapKeys;
import io.tailrace.ingest.testing.Projections;
import io.tailrace.ingest.testing.SeatProjections;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** A show of 200,000 seats, the most that there may be, whose map does not fit into the buffers of a connection. */
final class LargeShow {
    private static final String TOPIC = "tailrace.channels.show";
    private static final int ROWS = 200;
    private static final int SEATS_PER_ROW = 1_000;

    /** Its map has more bytes than this. */
    static final long LEAST_BYTES = 30L * ROWS * SEATS_PER_ROW;

    /** Only Redis has the map: whoever reads it from a busy machine must wait until Redis answers. */
    static final Map<String, Object> PATIENCE = Map.of("tailrace.redis.timeout", "30s");

    private LargeShow() {}

    /** Patience, and one more setting. */
    static Map<String, Object> patienceAnd(String name, Object value) {
        Map<String, Object> all = new HashMap<>(PATIENCE);
        all.put(name, value);
        return all;
    }

    /** Creates one, all of whose seats are held in Redis; there is nothing else in Redis then. */
    static UUID create() throws IOException {
        UUID show = UUID.fromString(TestIngest.shared()
                .with(TestKeys.shared().organizer())
                .post(
                        "/shows",
                        """
                        {"name": "Hamlet", "starts_at": "2099-01-01T00:00:00Z",
                         "sections": [{"name": "A", "rows": 200, "seats_per_row": 1000, "price": 1}]}""")
                .body()
                .path("id")
                .asText());
        SeatProjections.copyShows();
        TestRedis redis = TestRedis.shared();
        redis.call(commands -> commands.flushall());
        for (int row = 1; row <= ROWS; row++) {
            Map<String, String> seats = new HashMap<>();
            for (int number = 1; number <= SEATS_PER_ROW; number++) {
                seats.put("A-" + row + "-" + number, "held");
            }
            redis.call(commands -> commands.hset(SeatMapKeys.show(partition(show), show), seats));
        }
        change(show, 20);
        return show;
    }

    /** Lets a change of a seat stand at an offset, so that the map before it is an older one. */
    static void change(UUID show, long offset) {
        TestRedis redis = TestRedis.shared();
        redis.call(commands ->
                commands.hset(SeatMapKeys.show(partition(show), show), SeatMapKeys.NEXT, Long.toString(offset)));
        Map<String, String> copy = Map.of(
                "generation",
                Projections.generation(TOPIC),
                "next",
                Long.toString(offset + 1),
                "ready",
                "1",
                SeatMapKeys.mark(show),
                Long.toString(offset));
        redis.call(commands -> commands.hset(SeatMapKeys.partition(partition(show)), copy));
    }

    private static int partition(UUID show) {
        return new Channel("show:" + show).partition(6);
    }
}
