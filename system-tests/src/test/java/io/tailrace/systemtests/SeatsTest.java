package io.tailrace.systemtests;

import static io.tailrace.systemtests.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.client.Api.Answer;
import io.tailrace.systemtests.client.Buyer;
import io.tailrace.systemtests.client.SeatMap;
import io.tailrace.systemtests.client.Subscriber;
import io.tailrace.systemtests.client.Subscriber.Received;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.ServiceProcess;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Seats: decided once, by one writer, and told to everybody. The dispatcher is a process of its own here, so that it can be
 * killed alone.
 */
@Tag("server")
class SeatsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int SEATS_PER_ROW = 10;

    private static Platform platform;
    private static ServiceProcess dispatcher;
    private static String aliceToken;
    private static Buyer alice;
    private static Buyer bob;
    private static Api organizer;

    @BeforeAll
    static void startThePlatformAndADispatcher() throws Exception {
        platform = Platform.up("event-dispatcher", "search", "telemetry");
        dispatcher = platform.run("event-dispatcher");
        aliceToken = platform.token("alice");
        alice = new Buyer(new Api(platform.origin(), aliceToken));
        bob = new Buyer(new Api(platform.origin(), platform.token("bob")));
        organizer = new Api(platform.origin(), platform.token("organizer", "--role", "organizer"));
    }

    @AfterAll
    static void stopEverything() throws Exception {
        if (platform != null) {
            platform.close();
        }
    }

    @Test
    void a_hold_is_confirmed_or_released_by_its_holder_and_the_streams_tell() throws Exception {
        String show = show();
        try (Subscriber stream = follow("", "show:" + show, "user:alice")) {
            eventually("the stream is open", LIMIT, () -> stream.connections() == 1);

            String bought = alice.held(show, "A-1-1", "A-1-2");
            String givenBack = alice.held(show, "A-1-3");
            Answer seen = alice.see(bought);
            Answer others = bob.see(bought);
            Answer stolen = bob.confirm(bought);
            Answer confirmed = alice.confirm(bought);
            Answer released = alice.release(givenBack);

            assertThat(seen.json().path("state").asText()).isEqualTo("held");
            assertThat(List.of(others.status(), stolen.status())).containsExactly(404, 404);
            assertThat(confirmed.json().path("state").asText()).isEqualTo("confirmed");
            assertThat(released.json().path("state").asText()).isEqualTo("released");
            eventually("the stream tells", LIMIT, () -> stream.count() >= 8);
            assertThat(stream.events("show:" + show).stream().map(Received::type))
                    .containsExactly("seat_held", "seat_held", "seat_confirmed", "seat_released");
            assertThat(stream.events("show:" + show).getFirst().data().toString())
                    .isEqualTo("{\"seats\":[\"A-1-1\",\"A-1-2\"]}");
            assertThat(stream.events("user:alice").stream().map(Received::type))
                    .containsExactly(
                            "reservation_held", "reservation_held", "reservation_confirmed", "reservation_released");
            assertThat(bob.release(bought).status()).isEqualTo(404);
            assertThat(alice.release(bought).status()).isEqualTo(409);
        }
    }

    @Test
    void of_two_who_want_one_seat_at_once_one_gets_it_and_the_other_is_told_which_was_not_free() throws Exception {
        String show = show();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int seat = 1; seat <= SEATS_PER_ROW; seat++) {
                String wanted = "A-1-" + seat;
                List<Callable<Answer>> both = List.of(() -> alice.hold(show, wanted), () -> bob.hold(show, wanted));

                List<Answer> answers = new ArrayList<>();
                for (Future<Answer> answer : threads.invokeAll(both)) {
                    answers.add(answer.get());
                }

                assertThat(answers.stream().map(Answer::status))
                        .as(answers.toString())
                        .containsExactlyInAnyOrder(201, 409);
                assertThat(answers.stream().filter(answer -> answer.status() == 409))
                        .allSatisfy(refused -> assertThat(
                                        refused.json().path("seats").toString())
                                .isEqualTo("[\"" + wanted + "\"]"));
            }
        }
    }

    @Test
    void a_hold_that_nobody_confirms_ends_by_itself() throws Exception {
        String show = show();
        try (Subscriber stream = follow("", "show:" + show)) {
            eventually("the stream is open", LIMIT, () -> stream.connections() == 1);
            Answer held = alice.holdFor(1, show, "A-1-1");
            String reservation = held.json().path("id").asText();

            eventually("it ends", LIMIT, () -> stream.count() == 2);

            assertThat(stream.events("show:" + show).stream().map(Received::type))
                    .containsExactly("seat_held", "seat_expired");
            Answer late = alice.confirm(reservation);
            assertThat(late.status()).isEqualTo(409);
            assertThat(late.json().path("type").asText()).endsWith("/reservation-expired");
            assertThat(alice.see(reservation).json().path("state").asText()).isEqualTo("expired");
            assertThat(bob.hold(show, "A-1-1").status()).isEqualTo(201);
        }
    }

    @Test
    void who_joins_the_stream_at_the_position_of_a_snapshot_misses_no_change_and_sees_none_twice() throws Exception {
        // given a show whose seats change all the time, and somebody who has followed it from the start
        String show = show();
        String channel = "show:" + show;
        SeatMap empty = seats(show);
        AtomicBoolean stop = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Subscriber all = follow(empty.position(), channel)) {
            List<Future<Integer>> buyers = Stream.of(1, 2, 3)
                    .map(row -> threads.submit(() -> holdAndRelease(show, row, stop)))
                    .toList();
            eventually("seats change", LIMIT, () -> all.count() > 20);

            // when others take snapshots and join there
            List<SeatMap> snapshots = new ArrayList<>();
            List<Subscriber> joined = new ArrayList<>();
            try {
                for (int i = 0; i < 5; i++) {
                    int seen = all.count();
                    SeatMap snapshot = seats(show);
                    snapshots.add(snapshot);
                    joined.add(follow(snapshot.position(), channel));
                    eventually("more seats change", LIMIT, () -> all.count() > seen + 20);
                }
                stop.set(true);
                int changes = 0;
                for (Future<Integer> buyer : buyers) {
                    changes += buyer.get();
                }
                int total = changes;
                eventually("all " + total + " changes arrived", LIMIT, () -> all.count() == total);
                String last = all.received(channel).getLast();
                eventually("everywhere", LIMIT, () -> joined.stream()
                        .allMatch(stream -> stream.received(channel).contains(last)));

                // then each has exactly the changes after its snapshot, and its snapshot was what came before them
                for (int i = 0; i < joined.size(); i++) {
                    continues(snapshots.get(i), joined.get(i).events(channel), empty, all.events(channel));
                    assertThat(joined.get(i).controlTypes()).doesNotContain("stream.gap", "stream.reset");
                }
            } finally {
                stop.set(true);
                for (Subscriber stream : joined) {
                    stream.close();
                }
            }
        }
    }

    @Test
    void while_the_dispatcher_is_dead_the_answer_is_202_and_whoever_waits_longer_gets_the_decision() throws Exception {
        // given a show, and a dispatcher that was killed
        String show = show();
        assertThat(bob.hold(show, "A-2-1").status()).isEqualTo(201);
        dispatcher.kill9();
        Map<String, String> hasty =
                Map.of("Prefer", "wait=1", "Idempotency-Key", UUID.randomUUID().toString());
        Map<String, String> patient =
                Map.of("Prefer", "wait=30", "Idempotency-Key", UUID.randomUUID().toString());

        // when one asks in haste, and others while the dispatcher comes back
        Answer pending = alice.hold(show, hasty, "A-1-1");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> free = threads.submit(() -> alice.hold(show, patient, "A-1-2"));
            Future<Answer> taken = threads.submit(() -> alice.hold(show, "A-2-1"));
            dispatcher.start(LIMIT);

            // then nothing was invented, and everything is decided
            assertThat(pending.status()).isEqualTo(202);
            assertThat(pending.json().path("state").asText()).isEqualTo("pending");
            assertThat(pending.json().path("channel").asText()).isEqualTo("user:alice");
            String location = pending.header("Location");
            eventually("it is decided", LIMIT, () -> !"pending".equals(stateAt(location)));
            assertThat(stateAt(location)).isEqualTo("held");
            Answer again = alice.hold(show, hasty, "A-1-1");
            assertThat(again.status()).isEqualTo(201);
            assertThat(again.json().path("id")).isEqualTo(pending.json().path("id"));
            assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
            assertThat(free.get().status()).isIn(201, 202);
            assertThat(alice.hold(show, patient, "A-1-2").status()).isEqualTo(201);
            assertThat(taken.get().status()).isIn(409, 202);
            System.out.printf(
                    Locale.ROOT,
                    "seats: across a restart of the dispatcher, two who would wait 30 s got %d and %d%n",
                    free.get().status(),
                    taken.get().status());
        }
    }

    @Test
    void the_state_of_a_dispatcher_lies_with_the_data_of_its_platform() {
        int port = URI.create(dispatcher.origin()).getPort();

        assertThat(platform.launcher().data().resolve("event-dispatcher-" + port))
                .isDirectory();
    }

    @Test
    void the_seat_map_is_there_while_redis_is_not_and_after_redis_lost_it() throws Exception {
        String show = show();
        alice.held(show, "A-1-1");
        eventually("the map has the hold", LIMIT, () -> "held"
                .equals(seats(show).states().get("A-1-1")));

        platform.kill9("redis");

        eventually("redis is back", LIMIT, () -> {
            assertThat(seats(show).states()).containsEntry("A-1-1", "held");
            return "ready".equals(platform.stateOf("redis"));
        });
        alice.held(show, "A-1-2");
        eventually("the map goes on", LIMIT, () -> "held"
                .equals(seats(show).states().get("A-1-2")));
        assertThat(seats(show).states()).containsEntry("A-1-1", "held");
    }

    /** Asserts that a snapshot is what the first of all changes made of it, and that the rest is what followed. */
    private static void continues(SeatMap snapshot, List<Received> after, SeatMap empty, List<Received> all) {
        int before = all.size() - after.size();
        assertThat(after).isEqualTo(all.subList(before, all.size()));
        assertThat(empty.after(all.subList(0, before))).isEqualTo(snapshot.states());
        assertThat(snapshot.after(after)).isEqualTo(empty.after(all));
    }

    /** Holds and releases seats of one row in turn; answers how many changes that made. */
    private static int holdAndRelease(String show, int row, AtomicBoolean stop) throws Exception {
        int changes = 0;
        for (int turn = 0; !stop.get(); turn++) {
            String reservation = alice.held(show, "A-" + row + "-" + (turn % SEATS_PER_ROW + 1));
            Answer released = alice.release(reservation);
            assertThat(released.status()).as(released.toString()).isEqualTo(200);
            changes += 2;
        }
        return changes;
    }

    private static String show() throws Exception {
        Map<String, Object> section = Map.of("name", "A", "rows", 3, "seats_per_row", SEATS_PER_ROW, "price", 25);
        return organizer
                .mustWrite(
                        "POST",
                        "/shows",
                        Map.of("name", "Hamlet", "starts_at", "2099-01-01T19:00:00Z", "sections", List.of(section)))
                .path("id")
                .asText();
    }

    private static Subscriber follow(String position, String... channels) {
        return new Subscriber(List.of(platform.origin()), aliceToken, position, List.of(channels));
    }

    private static SeatMap seats(String show) throws Exception {
        Answer answer = bob.api().call("GET", "/shows/" + show + "/seats", null);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return SeatMap.of(answer.json());
    }

    private static String stateAt(String location) throws Exception {
        return alice.api().call("GET", location, null).json().path("state").asText();
    }
}
