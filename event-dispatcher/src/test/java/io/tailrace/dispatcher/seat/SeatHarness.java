package io.tailrace.dispatcher.seat;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.seat.SeatCommand;
import io.tailrace.contracts.seat.SeatEvents;
import io.tailrace.contracts.seat.SeatEvents.DecisionMade;
import io.tailrace.contracts.seat.SeatId;
import io.tailrace.contracts.seat.Section;
import io.tailrace.contracts.seat.Show;
import io.tailrace.dispatcher.ProductionConfig;
import io.tailrace.dispatcher.testing.Facts;
import io.tailrace.dispatcher.testing.Harness;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;

/** The seat topology as production builds it, with what it says as lines of text. */
final class SeatHarness implements AutoCloseable {
    static final UUID SHOW = new UUID(0x0197_0000_0000_7000L, 0x8000_0000_0000_0001L);
    static final int HOLD_SECONDS = 60;
    static final int MAX_SEATS_PER_USER = 4;
    static final int EXPIRIES_PER_TURN = 3;
    static final Duration RETENTION = Duration.ofHours(1);
    static final Duration FORGET_AFTER = Duration.ofDays(2);
    static final Instant STARTS_AT = Facts.NOW.plus(Duration.ofDays(30));

    private static final SeatTopics TOPICS =
            new SeatTopics("shows", "commands", "events", "tailrace.channels.show", "tailrace.channels.user");

    private Harness harness = open();
    private Outputs outputs = new Outputs(harness);
    private Instant now = Facts.NOW;
    private int commands;

    private record Outputs(
            TestOutputTopic<byte[], byte[]> events,
            TestOutputTopic<byte[], byte[]> show,
            TestOutputTopic<byte[], byte[]> user) {
        Outputs(Harness harness) {
            this(
                    harness.output(TOPICS.events()),
                    harness.output(TOPICS.showChannel()),
                    harness.output(TOPICS.userChannel()));
        }
    }

    private static Harness open() {
        SeatSettings settings = new SeatSettings(
                1,
                100_000,
                Duration.ofMillis(100),
                EXPIRIES_PER_TURN,
                RETENTION,
                FORGET_AFTER,
                Duration.ofMillis(25),
                25,
                Duration.ofMillis(100));
        return new Harness(
                SeatTopology.build(TOPICS, settings, Harness.FORM), ProductionConfig.of("tailrace-seats-test"));
    }

    /** A show of section A with ten rows of ten. */
    static Show show(int rows, int seatsPerRow) {
        return new Show(
                SHOW,
                "organizer",
                "A show",
                STARTS_AT,
                List.of(new Section("A", rows, seatsPerRow, BigDecimal.TEN)),
                HOLD_SECONDS,
                600,
                MAX_SEATS_PER_USER);
    }

    void create(Show show) {
        Event event = Facts.event(SeatEvents.SHOW_CREATED, show);
        input(TOPICS.shows(), show.id().toString(), event);
    }

    /** The state in another instance, as after a restart or a move to another machine. */
    void restart() {
        List<KeyValue<Bytes, byte[]>> entries = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> all = store().all()) {
            all.forEachRemaining(entries::add);
        }
        harness.close();
        harness = open();
        outputs = new Outputs(harness);
        entries.forEach(entry -> store().put(entry.key, entry.value));
    }

    KeyValueStore<Bytes, byte[]> store() {
        return harness.driver().getKeyValueStore("seats");
    }

    Harness harness() {
        return harness;
    }

    /** The log's time from now on. */
    void at(Instant time) {
        now = time;
    }

    /** The wall clock alone goes on; the log's time follows if the topology says so. */
    void wait(Duration time) {
        harness.driver().advanceWallClockTime(time);
    }

    SeatCommand.Hold hold(String user, int seconds, String... seats) {
        List<SeatId> ids =
                Stream.of(seats).map(name -> SeatId.parse(name).orElseThrow()).toList();
        return new SeatCommand.Hold(nextId(), SHOW, user, ids, seconds);
    }

    SeatCommand.Confirm confirm(String user, UUID reservation) {
        return new SeatCommand.Confirm(nextId(), SHOW, user, reservation);
    }

    SeatCommand.Release release(String user, UUID reservation) {
        return new SeatCommand.Release(nextId(), SHOW, user, reservation);
    }

    private UUID nextId() {
        return new UUID(0x0197_0000_0000_7000L, 0x8000_0001_0000_0000L + ++commands);
    }

    /** Puts a command into the log and gives its answer. */
    DecisionMade decide(SeatCommand command) {
        send(command);
        return outputs.events().readRecordsToList().stream()
                .filter(record -> Facts.header(record, "ce_type").equals(SeatEvents.DECISION_MADE))
                .map(record -> read(record, DecisionMade.class))
                .reduce((first, second) -> {
                    throw new AssertionError("two answers: " + first + " and " + second);
                })
                .orElseThrow();
    }

    void send(SeatCommand command) {
        Event event =
                switch (command) {
                    case SeatCommand.Hold(UUID id, UUID show, String user, List<SeatId> seats, int seconds) -> {
                        List<String> names =
                                seats.stream().map(SeatId::toString).toList();
                        yield Facts.event(
                                SeatEvents.HOLD_REQUESTED,
                                new SeatEvents.HoldRequested(id, show, user, names, seconds));
                    }
                    case SeatCommand.Confirm(UUID id, UUID show, String user, UUID reservation) ->
                        Facts.event(
                                SeatEvents.CONFIRM_REQUESTED,
                                new SeatEvents.StepRequested(id, show, user, reservation));
                    case SeatCommand.Release(UUID id, UUID show, String user, UUID reservation) ->
                        Facts.event(
                                SeatEvents.RELEASE_REQUESTED,
                                new SeatEvents.StepRequested(id, show, user, reservation));
                };
        input(TOPICS.commands(), command.showId().toString(), event);
    }

    void input(String topic, String key, Event event) {
        harness.input(topic).pipeInput(new TestRecord<>(Facts.bytes(key), event.data(), Facts.headers(event), now));
    }

    /** What {@code seat-events} got since the last look. */
    List<TestRecord<byte[], byte[]>> events() {
        return outputs.events().readRecordsToList();
    }

    /** What the shows' channels got since the last look, as {@code type [seats]}. */
    List<String> showChannel() {
        return outputs.show().readRecordsToList().stream()
                .map(record -> Facts.header(record, "ce_type") + " "
                        + read(record, SeatEvents.SeatsChanged.class).seats())
                .toList();
    }

    /** What people's channels got since the last look, as {@code channel type}. */
    List<String> userChannels() {
        return outputs.user().readRecordsToList().stream()
                .map(record -> Facts.text(record.key()) + " " + Facts.header(record, "ce_type"))
                .toList();
    }

    static <T> T read(TestRecord<byte[], byte[]> record, Class<T> type) {
        try {
            return Json.read(record.value(), type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        harness.close();
    }
}
