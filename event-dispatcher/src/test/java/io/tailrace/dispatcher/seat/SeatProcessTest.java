package io.tailrace.dispatcher.seat;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.seat.SeatCommand;
import io.tailrace.contracts.seat.SeatEvents;
import io.tailrace.contracts.seat.SeatEvents.DecisionMade;
import io.tailrace.contracts.seat.SeatEvents.ReservationChanged;
import io.tailrace.contracts.seat.Section;
import io.tailrace.contracts.seat.Show;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.dispatcher.testing.DispatcherProcess;
import io.tailrace.dispatcher.testing.Facts;
import io.tailrace.dispatcher.testing.TestBroker;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dispatcher as a process, against a real broker, killed while many people want the same seats. */
@Tag("server")
class SeatProcessTest {
    private static final int SHOWS = 4;
    private static final int HOLD_SECONDS = 2;
    private static final int LIVES = 3;
    private static final int ANSWERS_PER_LIFE = 300;

    private final TestBroker broker = new TestBroker();

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void killed_in_the_middle_it_answers_every_command_once_and_every_hold_ends(@TempDir Path state) {
        List<UUID> shows = new ArrayList<>();
        for (int i = 0; i < SHOWS; i++) {
            shows.add(UUID.randomUUID());
            broker.write(Topics.SHOWS, show(shows.getLast()));
        }
        try (TestBroker.Reader events = broker.reader(Topics.SEAT_EVENTS);
                Crowd crowd = new Crowd(shows)) {
            for (int life = 0; life < LIVES; life++) {
                try (DispatcherProcess dispatcher = start(state)) {
                    int enough = events.records().size() + ANSWERS_PER_LIFE;
                    Eventually.holds(dispatcher::output, () -> events.records().size() >= enough);
                    dispatcher.kill();
                }
            }
            crowd.stop();
            try (DispatcherProcess dispatcher = start(state)) {
                Eventually.holds(
                        dispatcher::output, () -> new Books(events.records()).isSettled(crowd.commands.size()));
            }

            Books books = new Books(events.records());
            assertThat(books.answers.keySet()).containsExactlyInAnyOrderElementsOf(crowd.commands);
            assertThat(books.answers.values()).allMatch(answers -> answers == 1);
            assertThat(books.soldTwice).isEmpty();
            assertThat(books.wrongSteps).isEmpty();
            assertThat(books.counts()).as("something of everything").containsKeys("confirmed", "released", "expired");
        }
    }

    private DispatcherProcess start(Path state) {
        return DispatcherProcess.start(broker.settings().bootstrap(), state, Map.of());
    }

    private static TestRecord<byte[], byte[]> show(UUID id) {
        Show show = new Show(
                id,
                "organizer",
                "A show",
                Instant.parse("2100-01-01T00:00:00Z"),
                List.of(new Section("A", 5, 20, BigDecimal.TEN)),
                HOLD_SECONDS,
                HOLD_SECONDS,
                100);
        return Facts.record(id.toString(), Facts.event(SeatEvents.SHOW_CREATED, show));
    }

    /** Writes a command every few milliseconds. */
    private final class Crowd implements AutoCloseable {
        private static final long PERIOD_MS = 4;

        private final Random random = new Random(1);
        private final List<UUID> shows;
        private final List<SeatCommand.Hold> holds = new ArrayList<>();
        private final List<UUID> commands = new ArrayList<>();
        private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
        private final ScheduledFuture<?> writing;

        Crowd(List<UUID> shows) {
            this.shows = shows;
            writing = executor.scheduleAtFixedRate(this::write, 0, PERIOD_MS, TimeUnit.MILLISECONDS);
        }

        private void write() {
            UUID id = UUID.randomUUID();
            int kind = holds.isEmpty() ? 0 : random.nextInt(8);
            if (kind < 5) {
                UUID show = shows.get(random.nextInt(SHOWS));
                String user = "user" + random.nextInt(50);
                List<String> seats = List.of("A-" + (1 + random.nextInt(5)) + "-" + (1 + random.nextInt(20)));
                holds.add(new SeatCommand.Hold(id, show, user, List.of(), 0));
                send(show, id, SeatEvents.HOLD_REQUESTED, new SeatEvents.HoldRequested(id, show, user, seats, 0));
            } else {
                SeatCommand.Hold hold = holds.get(Math.max(0, holds.size() - 1 - random.nextInt(20)));
                String type = kind == 5 ? SeatEvents.CONFIRM_REQUESTED : SeatEvents.RELEASE_REQUESTED;
                send(
                        hold.showId(),
                        id,
                        type,
                        new SeatEvents.StepRequested(id, hold.showId(), hold.userId(), hold.commandId()));
            }
        }

        private void send(UUID show, UUID command, String type, Object payload) {
            broker.write(Topics.SEAT_COMMANDS, Facts.record(show.toString(), Facts.event(type, payload)));
            commands.add(command);
        }

        void stop() {
            assertThat(writing.cancel(false)).as("still writing").isTrue();
            close();
        }

        @Override
        public void close() {
            executor.close();
        }
    }

    /** What the events say, in the order of the log. */
    private static final class Books {
        private final Map<UUID, Integer> answers = new HashMap<>();
        private final Map<UUID, String> states = new HashMap<>();
        private final Map<String, UUID> holders = new HashMap<>();
        private final List<String> soldTwice = new ArrayList<>();
        private final List<String> wrongSteps = new ArrayList<>();

        Books(List<ConsumerRecord<byte[], byte[]>> events) {
            for (ConsumerRecord<byte[], byte[]> event : events) {
                if (TestBroker.header(event, "ce_type").equals(SeatEvents.DECISION_MADE)) {
                    DecisionMade made = read(event, DecisionMade.class);
                    answers.merge(made.commandId(), 1, Integer::sum);
                    if (made.reservation() != null) {
                        apply(made.reservation());
                    }
                } else {
                    apply(read(event, ReservationChanged.class));
                }
            }
        }

        private void apply(ReservationChanged change) {
            String before = states.put(change.id(), change.state());
            boolean held = change.state().equals("held");
            if (held ? before != null : !"held".equals(before)) {
                wrongSteps.add(change.id() + ": " + before + " to " + change.state());
            }
            for (String seat : change.seats()) {
                String name = change.showId() + " " + seat;
                UUID holder = holders.get(name);
                if (held ? holder != null : !change.id().equals(holder)) {
                    soldTwice.add(name + ": " + holder + " and " + change.id());
                }
                if (held || change.state().equals("confirmed")) {
                    holders.put(name, change.id());
                } else {
                    holders.remove(name);
                }
            }
        }

        boolean isSettled(int commands) {
            return answers.size() >= commands && !states.containsValue("held");
        }

        Map<String, Integer> counts() {
            Map<String, Integer> counts = new HashMap<>();
            states.values().forEach(state -> counts.merge(state, 1, Integer::sum));
            return counts;
        }

        private static <T> T read(ConsumerRecord<byte[], byte[]> event, Class<T> type) {
            try {
                return Json.read(event.value(), type);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
