package io.tailrace.backends;

import java.util.Map;
import java.util.TreeMap;

/** Settings of brokers that live for some tests, whatever starts them. */
final class KafkaSettings {
    private static final Map<String, String> ALWAYS = Map.ofEntries(
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("offsets.topic.num.partitions", "1"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.num.partitions", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("share.coordinator.state.topic.replication.factor", "1"),
            Map.entry("share.coordinator.state.topic.num.partitions", "1"),
            Map.entry("share.coordinator.state.topic.min.isr", "1"),
            Map.entry("auto.create.topics.enable", "false"),
            // Tests have readers that are dead soon after they died.
            Map.entry("group.min.session.timeout.ms", "1000"),
            Map.entry("group.share.min.record.lock.duration.ms", "1000"),
            // A member of a new share group is told its partitions by its second heartbeat, which would come after 5 s.
            Map.entry("group.share.min.heartbeat.interval.ms", "100"),
            Map.entry("group.share.heartbeat.interval.ms", "200"),
            // A share group may say that it gives the partitions of a member that is dead or frozen to others sooner
            // than after 45 s.
            Map.entry("group.share.min.session.timeout.ms", "1000"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            // Of the JVM of the tests each broker would take 128 MiB for it.
            Map.entry("log.cleaner.dedupe.buffer.size", "4194304"),
            // By heartbeats a broker begins and ends its service.
            Map.entry("broker.heartbeat.interval.ms", "200"),
            // Readers wait behind the open transaction of a process that was killed: it ends as soon as it is due.
            Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000"),
            // What was acknowledged need not survive the machine.
            Map.entry("log.flush.interval.messages", "9223372036854775807"));

    private KafkaSettings() {}

    /** All of them, and others beside or in place of them. */
    static Map<String, String> with(Map<String, String> others) {
        Map<String, String> all = new TreeMap<>(ALWAYS);
        all.putAll(others);
        return all;
    }
}
