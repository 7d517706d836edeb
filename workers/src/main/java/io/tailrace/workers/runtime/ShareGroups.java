package io.tailrace.workers.runtime;

import io.tailrace.contracts.job.JobQueue;
import io.tailrace.kit.consume.ShareGroup;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.workers.WorkersSettings;
import org.apache.kafka.clients.consumer.ShareConsumer;

/**
 * The share group of a group of workers: its settings at the brokers, and its members. It has the topics of all queues. Thread-safe;
 * whoever asks for a consumer closes it.
 */
public final class ShareGroups {
    private static final String CLIENT_ID = "tailrace-workers";

    private final ShareGroup group;

    /** The group that the settings name. */
    public ShareGroups(KafkaSettings kafka, WorkersSettings settings) {
        this.group = new ShareGroup(
                kafka,
                settings.groupPrefix() + settings.group(),
                new ShareGroup.Bounds(
                        "earliest",
                        settings.lockDuration(),
                        settings.pollRecords(),
                        settings.fetchWait(),
                        settings.brokerTimeout()));
    }

    /** Its name. */
    public String name() {
        return group.name();
    }

    /**
     * Sets what has to hold before the first member comes: it begins at the first record, which is before the first worker was there, and
     * sees what was committed alone.
     *
     * @throws IllegalStateException if the brokers do not answer
     */
    public void prepare() {
        group.prepare(CLIENT_ID);
    }

    /** A member for a queue, which acknowledges each record by itself. */
    public ShareConsumer<byte[], byte[]> member(JobQueue queue) {
        return group.member(CLIENT_ID + "-" + queue.name());
    }
}
