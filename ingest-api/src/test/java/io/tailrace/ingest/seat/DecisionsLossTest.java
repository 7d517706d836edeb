package io.tailrace.ingest.seat;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.backends.Eventually;
import io.tailrace.backends.KafkaCluster;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.seat.SeatEvents;
import io.tailrace.contracts.seat.SeatEvents.DecisionMade;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.decision.CommandOutcome;
import io.tailrace.ingest.decision.DecisionTail;
import io.tailrace.ingest.decision.Waiting;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventRecords;
import io.tailrace.kit.kafka.KafkaSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three brokers, and an unclean election that loses decisions which were told. */
@Tag("server")
class DecisionsLossTest {
    private static final String FINGERPRINT = "f";
    private static final int PARTITION = 3;

    private static final DecisionTail.Settings SETTINGS = new DecisionTail.Settings(Duration.ofSeconds(30), 100);

    private final SeatDecisions kind = new SeatDecisions();
    private final Waiting<DecisionMade> waiting = new Waiting<>(kind, 100, new SimpleMeterRegistry());
    private final CountDownLatch standing = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @Test
    void a_decision_that_stands_at_the_offset_of_a_lost_one_is_told() throws Exception {
        try (KafkaCluster cluster = KafkaCluster.losingRecords()) {
            KafkaSettings kafka = KafkaSettings.of(cluster.bootstrap());
            create(kafka);
            DecisionTail<DecisionMade> tail =
                    new DecisionTail<>(kafka, kind, SETTINGS, waiting, new SimpleMeterRegistry());
            tail.start();
            try {
                // given one that stands still with the last decision that will be lost
                tail.awaitReady();
                cluster.stop(1);
                cluster.stop(2);
                List<UUID> lost = ids(3);
                CompletableFuture<Void> told = wanted(lost.getLast()).thenRun(this::standStill);
                decide(kafka, lost);
                Eventually.holds("the decision is told", () -> standing.getCount() == 0);

                // when the log is longer than what it has read
                cluster.stop(0);
                cluster.start(1);
                cluster.start(2);
                List<UUID> instead = ids(5);
                CompletableFuture<CommandOutcome<DecisionMade>> first = wanted(instead.getFirst());
                CompletableFuture<CommandOutcome<DecisionMade>> last = wanted(instead.getLast());
                decide(kafka, instead);
                goOn.countDown();

                // then
                Eventually.holds("the newest is told", last::isDone);
                assertThat(first).isDone();
                assertThat(told).isDone();
            } finally {
                goOn.countDown();
                tail.stop();
            }
        }
    }

    /** On the thread that reads. */
    private void standStill() {
        standing.countDown();
        try {
            goOn.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private CompletableFuture<CommandOutcome<DecisionMade>> wanted(UUID command) {
        return waiting.waitFor(command, FINGERPRINT);
    }

    private static List<UUID> ids(int count) {
        return Stream.generate(UUID::randomUUID).limit(count).toList();
    }

    private static void create(KafkaSettings kafka) throws Exception {
        Map<Integer, List<Integer>> everywhere = new HashMap<>();
        for (int partition = 0; partition < Topics.FACT_PARTITIONS; partition++) {
            everywhere.put(partition, List.of(0, 1, 2));
        }
        try (Admin admin = Admin.create(kafka.admin("test"))) {
            admin.createTopics(List.of(new NewTopic(Topics.SEAT_EVENTS, everywhere)))
                    .all()
                    .get();
        }
    }

    private static void decide(KafkaSettings kafka, List<UUID> commands) throws Exception {
        // One of its own each time: a producer that has numbered records which were lost is refused once.
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(kafka.producer("test"))) {
            UUID show = UUID.randomUUID();
            for (UUID command : commands) {
                DecisionMade decision = new DecisionMade(
                        command, show, "somebody", FINGERPRINT, false, false, "not_free", List.of(), null);
                Event event = new Event(
                        UUID.randomUUID().toString(),
                        SeatEvents.DECISION_MADE,
                        "/test",
                        Instant.EPOCH,
                        null,
                        Json.write(decision));
                producer.send(EventRecords.toRecord(Topics.SEAT_EVENTS, PARTITION, show.toString(), event))
                        .get();
            }
        }
    }
}
