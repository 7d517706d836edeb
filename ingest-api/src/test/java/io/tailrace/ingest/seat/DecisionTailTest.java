package io.tailrace.ingest.seat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.backends.Eventually;
import io.tailrace.backends.FaultyConsumers;
import io.tailrace.backends.FaultyConsumers.Fault;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.seat.SeatEvents;
import io.tailrace.contracts.seat.SeatEvents.DecisionMade;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.decision.CommandOutcome;
import io.tailrace.ingest.decision.DecisionTail;
import io.tailrace.ingest.decision.Waiting;
import io.tailrace.ingest.testing.TestBroker;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.Condition;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventRecords;
import io.tailrace.kit.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of those who wait for decisions when the consumer fails, with a real broker. */
@Timeout(300)
@Tag("server")
class DecisionTailTest {
    private static final DecisionTail.Settings SETTINGS = new DecisionTail.Settings(Duration.ofMillis(500), 100);

    private final SeatDecisions kind = new SeatDecisions();
    private final FaultyConsumers consumers = new FaultyConsumers(
            () -> new KafkaConsumer<>(TestBroker.shared().settings().consumer("test-decisions")));
    private final Waiting<DecisionMade> waiting = new Waiting<>(kind, 10, new SimpleMeterRegistry());
    private final DecisionTail<DecisionMade> tail = new DecisionTail<>(
            consumers,
            new Backoff(Duration.ofMillis(5), Duration.ofMillis(20), new Random(1)),
            kind,
            SETTINGS,
            waiting);

    @AfterEach
    void stop() throws InterruptedException {
        tail.stop();
        assertThat(tail.loop().condition()).isEqualTo(new Condition.Stopped());
    }

    @Test
    void beginsWhenAConsumerCanBeMadeAtLast() throws Exception {
        consumers.fail(Fault.CONSTRUCTION);
        tail.start();
        awaitRetrying();
        assertThatThrownBy(tail::awaitReady).isInstanceOf(ProblemException.class);

        consumers.fail(Fault.NONE);

        Eventually.holds("it is well", () -> tail.loop().condition() instanceof Condition.Running);
        tail.awaitReady();
        awaitTold(decided());
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"POLL", "POLL_BY_ERROR"})
    void tellsWhatWasDecidedWhileNothingCouldBeRead(Fault fault) throws Exception {
        tail.start();
        tail.awaitReady();
        awaitTold(decided());
        consumers.failToClose();

        consumers.fail(fault);
        awaitRetrying();
        CompletableFuture<CommandOutcome<DecisionMade>> told = decided();
        consumers.fail(Fault.CONSTRUCTION);
        consumers.fail(Fault.NONE);

        awaitTold(told);
        Eventually.holds("it is well again", () -> tail.loop().condition() instanceof Condition.Running);
    }

    private void awaitRetrying() {
        Eventually.holds("health shows it", () -> tail.loop().condition() instanceof Condition.Retrying);
    }

    private static void awaitTold(CompletableFuture<CommandOutcome<DecisionMade>> outcome) throws Exception {
        assertThat(outcome.get(60, TimeUnit.SECONDS)).isInstanceOf(CommandOutcome.Decided.class);
    }

    /** Somebody waits for a decision, and then it is in the log. */
    private CompletableFuture<CommandOutcome<DecisionMade>> decided() throws Exception {
        UUID command = UUID.randomUUID();
        UUID show = UUID.randomUUID();
        CompletableFuture<CommandOutcome<DecisionMade>> outcome = waiting.waitFor(command, "fingerprint");
        DecisionMade decision = new DecisionMade(
                command,
                show,
                UUID.randomUUID().toString(),
                "fingerprint",
                false,
                false,
                "unknown_show",
                List.of(),
                null);
        Event event = new Event(
                UUID.randomUUID().toString(),
                SeatEvents.DECISION_MADE,
                "/test",
                Instant.now(),
                null,
                Json.write(decision));
        var unused = TestBroker.shared()
                .producer()
                .send(EventRecords.toRecord(Topics.SEAT_EVENTS, null, show.toString(), event))
                .get();
        return outcome;
    }
}
