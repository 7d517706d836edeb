package io.tailrace.ingest.seat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.backends.Eventually;
import io.tailrace.backends.TestRedis;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Cursor.Members;
import io.tailrace.contracts.cursor.Cursor.PartitionPosition;
import io.tailrace.contracts.cursor.Cursor.TopicPosition;
import io.tailrace.contracts.cursor.CursorCodec;
import io.tailrace.contracts.cursor.CursorDecoding;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.contracts.seat.SeatMapKeys;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.Projections;
import io.tailrace.ingest.testing.SeatProjections;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestPostgres;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class SeatMapTest {
    private static final String TOPIC = "tailrace.channels.show";
    private static final TestRedis REDIS = TestRedis.shared();

    private final UUID show = UUID.fromString(TestIngest.shared()
            .with(TestKeys.shared().organizer())
            .post(
                    "/shows",
                    """
                    {"name": "Hamlet", "starts_at": "2099-01-01T00:00:00Z",
                     "sections": [{"name": "A", "rows": 1, "seats_per_row": 3, "price": 1}]}""")
            .body()
            .path("id")
            .asText());
    private final int partition = new Channel("show:" + show).partition(6);
    private final Http http = TestIngest.shared().anonymous();
    private final String part = SeatMapKeys.partition(partition);

    @BeforeEach
    void postgresHasAMap() {
        REDIS.call(redis -> redis.flushall());
        Projections.moveTo("taken_seats", TOPIC, partition, 17);
        TestPostgres.shared()
                .update("insert into taken_seats (show_id, seat, state) values (?, 'A-1-3', 'confirmed')", show);
    }

    @Test
    void without_redis_it_is_the_projections_at_its_position() {
        Http.Answer answer = http.get("/shows/" + show + "/seats");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.body().path("seats").toString())
                .isEqualTo("[{\"id\":\"A-1-1\",\"state\":\"free\"},{\"id\":\"A-1-2\",\"state\":\"free\"},"
                        + "{\"id\":\"A-1-3\",\"state\":\"confirmed\"}]");
        assertThat(position(answer)).isEqualTo(at(17));
    }

    @Test
    void seven_days_after_its_start_a_show_has_no_seats_any_more_whatever_is_left_of_the_copies() {
        UUID known = UUID.randomUUID();
        UUID forgotten = UUID.randomUUID();
        began(known, "6 days 23 hours");
        began(forgotten, "7 days");
        Projections.moveTo("taken_seats", TOPIC, new Channel("show:" + known).partition(6), 17);

        Http.Answer answer = http.get("/shows/" + forgotten + "/seats");

        assertThat(http.get("/shows/" + known + "/seats").status()).isEqualTo(200);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.problem()).isEqualTo("not-found");
        assertThat(answer.body().path("detail").asText()).contains("forgotten");
        assertThat(http.get("/shows/" + forgotten).status())
                .as("the show itself")
                .isEqualTo(200);
    }

    private static void began(UUID show, String ago) {
        TestPostgres.shared()
                .update(
                        "insert into shows (id, organizer_id, name, starts_at, sections, hold_seconds,"
                                + " max_hold_seconds, max_seats_per_user) values (?, 'o', 'Hamlet',"
                                + " now() - '" + ago + "'::interval,"
                                + " '[{\"name\":\"A\",\"rows\":1,\"seats_per_row\":3,\"price\":1}]', 60, 60, 4)",
                        show);
    }

    @Test
    void from_redis_it_is_at_the_position_of_the_partition() {
        redisHas(Map.of("A-1-1", "held", "A-1-2", "confirmed"));

        Http.Answer answer = http.get("/shows/" + show + "/seats");

        assertThat(states(answer)).isEqualTo(Map.of("A-1-1", "held", "A-1-2", "confirmed", "A-1-3", "free"));
        assertThat(position(answer)).isEqualTo(at(21));
    }

    @Test
    void a_show_of_which_no_seat_was_ever_taken_is_all_free() {
        REDIS.call(redis ->
                redis.hset(part, Map.of("generation", Projections.generation(TOPIC), "next", "21", "ready", "1")));

        assertThat(states(http.get("/shows/" + show + "/seats")).values()).containsOnly("free");
    }

    @Test
    void a_lost_hash_of_a_show_is_not_taken_for_free_seats_and_has_the_copy_made_again() {
        redisHas(Map.of("A-1-1", "held"));
        REDIS.call(redis -> redis.del(SeatMapKeys.show(partition, show)));

        Http.Answer answer = http.get("/shows/" + show + "/seats");

        assertThat(position(answer)).isEqualTo(at(17));
        long left = REDIS.call(redis -> redis.exists(part));
        assertThat(left).isZero();
    }

    @Test
    void a_copy_of_another_generation_or_one_that_is_being_made_is_not_used() {
        redisHas(Map.of("A-1-1", "held"));
        REDIS.call(redis -> redis.hdel(part, "ready"));
        assertThat(position(http.get("/shows/" + show + "/seats")).nextOffset()).isEqualTo(17);

        redisHas(Map.of("A-1-1", "held"));
        REDIS.call(redis -> redis.hset(part, "generation", "another"));
        assertThat(position(http.get("/shows/" + show + "/seats")).nextOffset()).isEqualTo(17);
    }

    @Test
    void while_redis_is_away_it_is_the_projections_and_without_either_503() throws Exception {
        try (TestRedis redis = new TestRedis();
                TestIngest server = TestIngest.start(Map.of("tailrace.redis.url", redis.url()))) {
            SeatProjections.copyShows();
            Http there = server.anonymous();
            assertThat(there.get("/shows/" + show + "/seats").status()).isEqualTo(200);
            redis.close();

            assertThat(position(there.get("/shows/" + show + "/seats")).nextOffset())
                    .isEqualTo(17);

            TestPostgres.shared().update("delete from projection_positions where projection = 'taken_seats'");
            assertThat(there.get("/shows/" + show + "/seats").status()).isEqualTo(503);
        }
    }

    @Test
    void a_map_after_a_cursor_waits_until_its_copy_has_come_there() throws Exception {
        redisHas(Map.of("A-1-1", "held"));
        String after =
                http.get("/shows/" + show + "/seats").body().path("position").asText();
        REDIS.call(redis -> redis.hset(part, "next", "20"));

        Callable<Http.Answer> ask = () -> http.get("/shows/" + show + "/seats?after=" + after);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Http.Answer> waiting = threads.submit(ask);
            redisHas(Map.of("A-1-2", "held"));

            assertThat(position(waiting.get()).nextOffset()).isEqualTo(21);
        }
        REDIS.call(redis -> redis.hset(part, "next", "20"));
        assertThat(ask.call().status()).isEqualTo(503);
    }

    @Test
    void a_cursor_that_knows_nothing_of_the_show_asks_for_nothing_and_one_that_is_none_is_400() {
        String elsewhere = CursorCodec.encode(new Cursor(List.of(
                new TopicPosition(1, new Generation(7), List.of(new PartitionPosition(partition, 1_000_000))))));

        assertThat(http.get("/shows/" + show + "/seats?after=" + elsewhere).status())
                .isEqualTo(200);
        assertThat(http.get("/shows/" + show + "/seats?after=x").status()).isEqualTo(400);
    }

    @Test
    void who_has_the_map_of_the_position_is_told_so_until_the_position_changes() {
        redisHas(Map.of("A-1-1", "held"));
        Http.Answer first = http.get("/shows/" + show + "/seats");
        String tag = first.header("ETag");

        Http.Answer second = http.header("If-None-Match", "\"x\", W/" + tag).get("/shows/" + show + "/seats");

        assertThat(tag).isEqualTo("\"" + first.body().path("position").asText() + "\"");
        assertThat(first.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(second.status()).isEqualTo(304);
        assertThat(second.header("ETag")).isEqualTo(tag);
        assertThat(second.header("Cache-Control")).isEqualTo("no-cache");

        REDIS.call(redis -> redis.hset(part, "next", "22"));
        Http.Answer third = http.header("If-None-Match", tag).get("/shows/" + show + "/seats");

        assertThat(third.status()).isEqualTo(200);
        assertThat(position(third)).isEqualTo(at(22));
        assertThat(states(third)).isEqualTo(states(first));
    }

    @Test
    void a_map_is_made_again_when_a_seat_of_the_show_changes_and_not_when_one_of_another_show_does() {
        redisHas(Map.of("A-1-1", "held"));
        assertThat(states(http.get("/shows/" + show + "/seats"))).containsEntry("A-1-1", "held");
        double made = made();

        REDIS.call(redis -> redis.hset(part, "next", "30"));
        assertThat(position(http.get("/shows/" + show + "/seats"))).isEqualTo(at(30));
        assertThat(made()).isEqualTo(made);

        REDIS.call(redis -> redis.hset(SeatMapKeys.show(partition, show), Map.of("A-1-1", "confirmed", "next", "31")));
        REDIS.call(redis -> redis.hset(part, Map.of("next", "31", SeatMapKeys.mark(show), "31")));
        Http.Answer changed = http.get("/shows/" + show + "/seats");
        assertThat(position(changed)).isEqualTo(at(31));
        assertThat(states(changed)).containsEntry("A-1-1", "confirmed");
        assertThat(made()).isEqualTo(made + 1);
    }

    @Test
    void what_is_read_over_a_connection_that_stays_is_given_back() {
        redisHas(Map.of("A-1-1", "held"));
        Http.Answer whole = http.get("/shows/" + show + "/seats");

        Http.Answer head = http.send("HEAD", "/shows/" + show + "/seats", null);

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("ETag")).isEqualTo(whole.header("ETag"));
        Eventually.holds("nobody reads", () -> gauge("tailrace.seats.maps.readers") == 0);
    }

    @Test
    void over_the_readers_that_may_be_answered_and_without_room_for_a_map_it_is_503() throws Exception {
        SeatProjections.copyShows();
        for (String bound : List.of("tailrace.seat-maps.max-readers", "tailrace.seat-maps.max-bytes")) {
            try (TestIngest server = TestIngest.start(Map.of(bound, 0))) {
                Http.Answer refused = server.anonymous().get("/shows/" + show + "/seats");

                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.header("Retry-After")).isEqualTo("2");
            }
        }
    }

    @Test
    void reads_of_maps_are_limited_by_address_and_leave_writes_alone() throws Exception {
        SeatProjections.copyShows();
        try (TestIngest server =
                TestIngest.start(Map.of("tailrace.limits.read-per-second", 1, "tailrace.limits.read-burst", 2))) {
            Http person = server.with(TestKeys.shared().person(UUID.randomUUID()));
            Http.Answer refused = person.get("/shows/" + show + "/seats");
            assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"reader\";q=2;w=2");
            for (int i = 0; i < 1_000 && refused.status() != 429; i++) {
                refused = server.anonymous().get("/shows/" + show + "/seats");
            }

            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(person.get("/shows/" + show).status()).isEqualTo(200);
            assertThat(person.post("/posts", "{").status()).isEqualTo(400);
        }
    }

    private static double made() {
        return TestIngest.shared().bean(MeterRegistry.class).get("tailrace.seats.maps").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private static double gauge(String name) {
        return TestIngest.shared().bean(MeterRegistry.class).get(name).gauge().value();
    }

    @Test
    void a_show_that_nobody_offers_is_404() throws Exception {
        SeatProjections.copyShows();

        assertThat(http.get("/shows/" + UUID.randomUUID() + "/seats").status()).isEqualTo(404);
        assertThat(http.get("/shows/x/seats").status()).isEqualTo(400);
    }

    private void redisHas(Map<String, String> seats) {
        Map<String, String> hash = new TreeMap<>(seats);
        hash.put("next", "20");
        REDIS.call(redis -> redis.hset(SeatMapKeys.show(partition, show), hash));
        Map<String, String> partitionHash = Map.of(
                "generation", Projections.generation(TOPIC), "next", "21", "ready", "1", SeatMapKeys.mark(show), "20");
        REDIS.call(redis -> redis.hset(part, partitionHash));
    }

    private static Map<String, String> states(Http.Answer answer) {
        Map<String, String> states = new TreeMap<>();
        for (JsonNode seat : answer.body().path("seats")) {
            states.put(seat.path("id").asText(), seat.path("state").asText());
        }
        return states;
    }

    private PartitionPosition at(long nextOffset) {
        return new PartitionPosition(partition, nextOffset, Cursor.NO_EPOCH, Members.of("show:" + show), List.of());
    }

    private static PartitionPosition position(Http.Answer answer) {
        CursorDecoding decoding =
                CursorCodec.decode(answer.body().path("position").asText());
        assertThat(decoding).isInstanceOf(CursorDecoding.Decoded.class);
        return ((CursorDecoding.Decoded) decoding)
                .cursor()
                .topics()
                .getFirst()
                .partitions()
                .getFirst();
    }
}
