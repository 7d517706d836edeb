package io.tailrace.kit.job.runtime;

import io.tailrace.contracts.job.JobQueue;
import io.tailrace.kit.consume.ShareGroup;
import io.tailrace.kit.kafka.KafkaSettings;
import org.apache.kafka.clients.consumer.ShareConsumer;

/**
 * The share groups of groups of workers: their settings at the brokers, and their members. Thread-safe; whoever asks for a consumer
 * closes it.
 */
public final class ShareGroups {
    private static final String CLIENT_ID = "tailrace-workers";

    private final KafkaSettings kafka;
    private final WorkersSettings settings;

    /** Those that the settings are for. */
    public ShareGroups(KafkaSettings kafka, WorkersSettings settings) {
        this.kafka = kafka;
        this.settings = settings;
    }

    private ShareGroup of(String group) {
        return new ShareGroup(
                kafka,
                settings.groupPrefix() + group,
                new ShareGroup.Bounds(
                        "earliest",
                        settings.lockDuration(),
                        settings.pollRecords(),
                        settings.fetchWait(),
                        settings.brokerTimeout()));
    }

    /**
     * Sets what has to hold before the first member comes: it begins at the first record, which is before the first worker was there, and
     * sees what was committed alone.
     *
     * @param group of workers
     * @throws IllegalStateException if the brokers do not answer
     */
    public void prepare(String group) {
        of(group).prepare(CLIENT_ID);
    }

    /** A member of a group of workers for a queue, which acknowledges each record by itself. */
    public ShareConsumer<byte[], byte[]> member(String group, JobQueue queue) {
        return of(group).member(CLIENT_ID + "-" + group + "-" + queue.name());
    }
}
