package io.tailrace.ingest.testing;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.seat.CommandFingerprint;
import io.tailrace.contracts.seat.Reservation;
import io.tailrace.contracts.seat.Reservation.State;
import io.tailrace.contracts.seat.SeatCommand;
import io.tailrace.contracts.seat.SeatDecision;
import io.tailrace.contracts.seat.SeatDecision.Accepted;
import io.tailrace.contracts.seat.SeatDecision.Reason;
import io.tailrace.contracts.seat.SeatDecision.Refused;
import io.tailrace.contracts.seat.SeatEvents;
import io.tailrace.contracts.seat.SeatEvents.DecisionMade;
import io.tailrace.contracts.seat.SeatEvents.HoldRequested;
import io.tailrace.contracts.seat.SeatEvents.ReservationChanged;
import io.tailrace.contracts.seat.SeatEvents.StepRequested;
import io.tailrace.contracts.seat.SeatId;
import io.tailrace.contracts.seat.Show;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventReading;
import io.tailrace.kit.kafka.EventRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Somebody on the other side of the log who decides commands, by the contracts alone. Simple: no store, no transactions;
 * a hold ends when a test says so. Thread-safe.
 */
public final class TestDecider {
    private static final class Shared {
        static final TestDecider DECIDER = new TestDecider();
    }

    private record Answered(long fingerprint, SeatDecision decision) {}

    private final Map<UUID, Show> shows = new HashMap<>();
    private final Map<UUID, Answered> answers = new HashMap<>();
    private final Map<UUID, Reservation> reservations = new HashMap<>();
    private final List<ConsumerRecord<byte[], byte[]>> heldBack = new ArrayList<>();
    private boolean holdsBack;

    private TestDecider() {
        Thread.ofPlatform().daemon().name("test-decider").start(this::run);
    }

    /** The one of this JVM, which has read all shows. */
    public static TestDecider shared() {
        return Shared.DECIDER;
    }

    /** Decides nothing until {@link #goOn()}. */
    public synchronized void holdBack() {
        holdsBack = true;
    }

    /** Decides what was held back, and everything that comes. */
    public synchronized void goOn() {
        holdsBack = false;
        heldBack.forEach(this::take);
        heldBack.clear();
        // Else what was decided comes into the log when the next test has copied all of it.
        TestBroker.shared().producer().flush();
    }

    /** Ends a hold as time would. */
    public synchronized void expire(UUID reservation) {
        Reservation ended =
                Objects.requireNonNull(reservations.get(reservation)).in(State.EXPIRED);
        reservations.put(reservation, ended);
        publish(ended.showId(), SeatEvents.RESERVATION_EXPIRED, ReservationChanged.of(ended));
    }

    /** Puts a show into the log as somebody else would have. */
    public void offer(Show show) {
        append(Topics.SHOWS, show.id(), SeatEvents.SHOW_CREATED, show);
        Eventually.holds("the decider knows the show", () -> knows(show.id()));
    }

    /** Whether it has read a show. */
    public synchronized boolean knows(UUID show) {
        return shows.containsKey(show);
    }

    private void run() {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(TestBroker.shared().settings().consumer("decider"))) {
            List<TopicPartition> partitions = IntStream.range(0, Topics.FACT_PARTITIONS)
                    .boxed()
                    .flatMap(p ->
                            List.of(new TopicPartition(Topics.SHOWS, p), new TopicPartition(Topics.SEAT_COMMANDS, p))
                                    .stream())
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    take(record);
                }
            }
        }
    }

    private synchronized void take(ConsumerRecord<byte[], byte[]> record) {
        try {
            if (!(EventRecords.read(record) instanceof EventReading.Readable(Event event))) {
                return;
            }
            if (event.type().equals(SeatEvents.SHOW_CREATED)) {
                Show show = Json.read(event.data(), Show.class);
                shows.put(show.id(), show);
            } else if (holdsBack) {
                heldBack.add(record);
            } else {
                decide(command(event));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SeatCommand command(Event event) throws IOException {
        if (event.type().equals(SeatEvents.HOLD_REQUESTED)) {
            HoldRequested hold = Json.read(event.data(), HoldRequested.class);
            List<SeatId> seats = hold.seats().stream()
                    .map(name -> SeatId.parse(name).orElseThrow())
                    .toList();
            return new SeatCommand.Hold(hold.commandId(), hold.showId(), hold.userId(), seats, hold.holdSeconds());
        }
        StepRequested step = Json.read(event.data(), StepRequested.class);
        return event.type().equals(SeatEvents.CONFIRM_REQUESTED)
                ? new SeatCommand.Confirm(step.commandId(), step.showId(), step.userId(), step.reservationId())
                : new SeatCommand.Release(step.commandId(), step.showId(), step.userId(), step.reservationId());
    }

    private void decide(SeatCommand command) {
        long fingerprint = CommandFingerprint.of(command);
        Answered before = answers.get(command.commandId());
        if (before != null && before.fingerprint() != fingerprint) {
            answer(command, refused(command, Reason.KEY_REUSED), false);
        } else if (before != null) {
            answer(command, before.decision(), true);
        } else {
            SeatDecision decision =
                    switch (command) {
                        case SeatCommand.Hold hold -> hold(hold);
                        case SeatCommand.Confirm confirm -> step(command, confirm.reservationId(), State.CONFIRMED);
                        case SeatCommand.Release release -> step(command, release.reservationId(), State.RELEASED);
                    };
            answers.put(command.commandId(), new Answered(fingerprint, decision));
            answer(command, decision, false);
        }
    }

    private SeatDecision hold(SeatCommand.Hold hold) {
        Show show = shows.get(hold.showId());
        if (show == null) {
            return refused(hold, Reason.UNKNOWN_SHOW);
        }
        if (!Instant.now().isBefore(show.startsAt())) {
            return refused(hold, Reason.SHOW_STARTED);
        }
        List<SeatId> unknown =
                hold.seats().stream().filter(seat -> !show.has(seat)).toList();
        if (!unknown.isEmpty()) {
            return new Refused(hold.commandId(), Reason.UNKNOWN_SEATS, unknown);
        }
        if (hold.holdSeconds() > show.maxHoldSeconds()) {
            return refused(hold, Reason.HOLD_TOO_LONG);
        }
        Set<SeatId> taken = new HashSet<>();
        int own = hold.seats().size();
        for (Reservation other : reservations.values()) {
            boolean lives = other.state() == State.HELD || other.state() == State.CONFIRMED;
            if (other.showId().equals(show.id()) && lives) {
                taken.addAll(other.seats());
                own += other.userId().equals(hold.userId()) ? other.seats().size() : 0;
            }
        }
        List<SeatId> notFree = hold.seats().stream().filter(taken::contains).toList();
        if (!notFree.isEmpty()) {
            return new Refused(hold.commandId(), Reason.NOT_FREE, notFree);
        }
        if (own > show.maxSeatsPerUser()) {
            return refused(hold, Reason.TOO_MANY_SEATS);
        }
        int seconds = hold.holdSeconds() == 0 ? show.holdSeconds() : hold.holdSeconds();
        Reservation held = new Reservation(
                hold.commandId(),
                show.id(),
                hold.userId(),
                hold.seats(),
                State.HELD,
                Instant.ofEpochMilli(System.currentTimeMillis()).plusSeconds(seconds));
        reservations.put(held.id(), held);
        return new Accepted(hold.commandId(), held);
    }

    private SeatDecision step(SeatCommand command, UUID reservation, State to) {
        Reservation present = reservations.get(reservation);
        if (present == null || !present.userId().equals(command.userId())) {
            return refused(command, Reason.UNKNOWN_RESERVATION);
        }
        return switch (present.state()) {
            case HELD -> {
                reservations.put(reservation, present.in(to));
                yield new Accepted(command.commandId(), present.in(to));
            }
            case CONFIRMED -> refused(command, Reason.ALREADY_CONFIRMED);
            case RELEASED -> refused(command, Reason.ALREADY_RELEASED);
            case EXPIRED -> refused(command, Reason.EXPIRED);
        };
    }

    private static SeatDecision refused(SeatCommand command, Reason reason) {
        return new Refused(command.commandId(), reason, List.of());
    }

    private static void answer(SeatCommand command, SeatDecision decision, boolean repeated) {
        publish(command.showId(), SeatEvents.DECISION_MADE, DecisionMade.of(command, decision, repeated));
    }

    private static void publish(UUID show, String type, Object payload) {
        append(Topics.SEAT_EVENTS, show, type, payload);
    }

    private static void append(String topic, UUID show, String type, Object payload) {
        Event event = new Event(UUID.randomUUID().toString(), type, "/test", Instant.now(), null, Json.write(payload));
        TestBroker.shared().producer().send(EventRecords.toRecord(topic, null, show.toString(), event));
    }
}
