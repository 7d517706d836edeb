package io.tailrace.projections.drive;

import io.tailrace.backends.Eventually;
import io.tailrace.projections.position.Copy;
import io.tailrace.projections.testing.Counting;
import io.tailrace.projections.testing.TestBroker;
import io.tailrace.projections.testing.TestPostgres;
import io.tailrace.projections.testing.TestProjection;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A topic and a database of a test's own, and what must be true of them in the end: each record applied once. */
final class CountedTopic {
    static final int PARTITIONS = 3;

    final TestBroker broker = TestBroker.shared();
    final TestPostgres.Database database = TestPostgres.shared().database();
    final String topic = "counted-" + UUID.randomUUID();
    final Copy<String> copy = Counting.copy(topic);
    private final AtomicInteger published = new AtomicInteger();

    CountedTopic() {
        broker.create(topic, PARTITIONS);
        Counting.createTable(database);
    }

    DataSource dataSource() {
        return database.dataSource();
    }

    TestProjection startProjection() {
        return TestProjection.start(copy, dataSource());
    }

    TestProjection startProjection(KafkaClients clients) {
        return TestProjection.start(clients, copy, dataSource());
    }

    /** Publishes records with keys of their own. */
    List<String> publish(int records) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            String key = "k" + published.incrementAndGet();
            broker.publish(topic, key, "counted", "{}");
            keys.add(key);
        }
        return keys;
    }

    /** Waits until the positions are at the log's end, as a reader of its own writes does. */
    void awaitEnd() {
        List<String> ends = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            ends.add(partition + "|" + broker.end(topic, partition));
        }
        Eventually.holds("positions are " + ends, () -> positions().equals(ends));
    }

    List<String> positions() {
        return database.rows("select partition, next_offset from projection_positions where projection = '"
                + copy.name() + "' order by partition");
    }

    /** The keys that were applied, each with how often, if not once. */
    List<String> applied() {
        return database.rows("select case n when 1 then id else id || ' ' || n || ' times' end from counts"
                + " order by length(id), id");
    }
}
