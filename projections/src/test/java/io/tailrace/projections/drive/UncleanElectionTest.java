package io.tailrace.projections.drive;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.backends.KafkaCluster;
import io.tailrace.kit.kafka.EventRecords;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.projections.testing.Counting;
import io.tailrace.projections.testing.Faults;
import io.tailrace.projections.testing.TestBroker;
import io.tailrace.projections.testing.TestPostgres;
import io.tailrace.projections.testing.TestProjection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Three brokers, and an election that loses records which are in PostgreSQL already. When an instance looks again, the log is
 * longer than what was applied, so that nothing but the leader epoch tells.
 */
@Tag("server")
class UncleanElectionTest {
    private static final List<String> EXPECTED =
            Stream.concat(names("kept", 5), names("new", 8)).sorted().toList();

    private final Counted running = new Counted("counted-by-one-that-runs");
    private final Counted stopped = new Counted("counted-by-one-that-is-started-since");

    @Test
    void rowsOfRecordsThatTheLogHasLostAreReplacedByThoseThatStandThereNow() throws Exception {
        try (KafkaCluster cluster = KafkaCluster.losingRecords()) {
            // given
            KafkaSettings kafka = KafkaSettings.of(cluster.bootstrap());
            createTopics(kafka);
            Away postgres = new Away();
            try (TestProjection projection = running.work(kafka, postgres)) {
                try (TestProjection former = stopped.work(kafka, new Away())) {
                    publish(kafka, "kept", 5);
                    cluster.stop(1);
                    cluster.stop(2);
                    publish(kafka, "lost", 5);
                    running.awaitApplied("lost5");
                    stopped.awaitApplied("lost5");
                }

                // when
                postgres.away.set(true);
                cluster.stop(0);
                cluster.start(1);
                cluster.start(2);
                publish(kafka, "new", 8);
                postgres.away.set(false);

                // then
                running.awaitApplied("new8");
                assertThat(running.applied()).isEqualTo(EXPECTED);
                assertThat(projection.counter("tailrace.projection.rebuilds")).isEqualTo(1);
            }
            try (TestProjection later = stopped.work(kafka, new Away())) {
                stopped.awaitApplied("new8");
                assertThat(stopped.applied()).isEqualTo(EXPECTED);
                assertThat(later.counter("tailrace.projection.rebuilds")).isEqualTo(1);
            }
        }
    }

    /** PostgreSQL that can be away for one instance. */
    private record Away(AtomicBoolean away) implements Faults.Plan {
        Away() {
            this(new AtomicBoolean());
        }

        @Override
        public void beforeBegin() throws SQLException {
            if (away.get()) {
                throw new SQLException("away");
            }
        }

        @Override
        public void beforeCommit() {}

        @Override
        public void afterCommit() {}
    }

    /** A topic, and the rows that are made from it. */
    private record Counted(String topic, TestPostgres.Database database) {
        Counted(String topic) {
            this(topic, TestPostgres.shared().database());
            Counting.createTable(database);
        }

        TestProjection work(KafkaSettings kafka, Away plan) {
            return TestProjection.start(kafka, Counting.copy(topic), Faults.on(database.dataSource(), plan));
        }

        void awaitApplied(String key) {
            Eventually.holds(key + " is applied", () -> applied().contains(key));
        }

        List<String> applied() {
            return database.rows(
                    "select case n when 1 then id else id || ' ' || n || ' times' end from counts order by id");
        }
    }

    private void createTopics(KafkaSettings kafka) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(kafka.admin("test"))) {
            Map<Integer, List<Integer>> everywhere = Map.of(0, List.of(0, 1, 2));
            admin.createTopics(
                            List.of(new NewTopic(running.topic, everywhere), new NewTopic(stopped.topic, everywhere)))
                    .all()
                    .get();
        }
    }

    private void publish(KafkaSettings kafka, String name, int records)
            throws ExecutionException, InterruptedException {
        // One of its own each time: a producer that has numbered records which were lost is refused once.
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(kafka.producer("test"))) {
            for (String key : names(name, records).toList()) {
                for (Counted counted : List.of(running, stopped)) {
                    producer.send(EventRecords.toRecord(counted.topic, null, key, TestBroker.event("counted", "{}")))
                            .get();
                }
            }
        }
    }

    private static Stream<String> names(String name, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> name + i);
    }
}
