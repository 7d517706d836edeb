package io.tailrace.systemtests.chaos.world;

import io.tailrace.systemtests.chaos.check.LogIndex;
import io.tailrace.systemtests.chaos.check.LogIndex.PartitionName;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;

/** Does what retention does, at once: deletes the oldest records of a partition (KIP-107). Thread-safe. */
public final class LogTrimmer implements AutoCloseable {
    private static final long LIMIT_S = 20;

    private final Admin admin;
    private final LogIndex index;
    private final LogReader reader;

    /** A trimmer that deletes nothing that {@code reader} has not read. */
    public LogTrimmer(String bootstrap, LogIndex index, LogReader reader) {
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        this.index = index;
        this.reader = reader;
    }

    /** Deletes everything that was read of a partition. */
    public void trim(String namespace, int partition) throws InterruptedException {
        PartitionName name = new PartitionName(namespace, partition);
        long offset = reader.position(name);
        if (offset > 0) {
            // Before it is asked for: an edge may tell of it before the answer is here.
            index.trimming(name, offset);
            try {
                admin.deleteRecords(Map.of(
                                new TopicPartition("tailrace.channels." + namespace, partition),
                                RecordsToDelete.beforeOffset(offset)))
                        .all()
                        .get(LIMIT_S, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                System.err.println("chaos: " + name + " may not have been trimmed: " + e);
            }
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
