package io.tailrace.ingest.erasure.check;

import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.kafka.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Reads every record of every topic, those of Streams and of the brokers themselves among them, aborted ones too. */
final class LogCheck {
    private static final String CLIENT = "erase-check";
    private static final Duration POLL = Duration.ofSeconds(1);

    /** Shows, commands and decisions about seats keep whose they are, as an id that leads nowhere; see decision 0040. */
    private static final Set<String> OF_SEATS =
            Set.of(Topics.SHOWS, Topics.SEAT_COMMANDS, Topics.SEAT_EVENTS, "tailrace.channels.user");

    private final KafkaSettings kafka;
    private final Traces traces;

    LogCheck(KafkaSettings kafka, Traces traces) {
        this.kafka = kafka;
        this.traces = traces;
    }

    /** What of one kind is in one topic. */
    private record Group(String topic, boolean tombstone, Traces.Kind kind) {}

    List<Finding> run() throws ExecutionException, InterruptedException {
        Map<String, Finding> findings = new TreeMap<>();
        try (Admin admin = Admin.create(kafka.admin(CLIENT))) {
            Set<String> names = new TreeSet<>(admin.listTopics(new ListTopicsOptions().listInternal(true))
                    .names()
                    .get());
            for (TopicDescription topic :
                    admin.describeTopics(names).allTopicNames().get().values()) {
                read(topic).forEach((group, count) -> {
                    Finding finding = finding(group, count);
                    findings.put(finding.line(), finding);
                });
            }
        }
        return new ArrayList<>(findings.values());
    }

    private static Finding finding(Group group, long count) {
        if (group.kind() == Traces.Kind.TEXT) {
            return new Finding("topic " + group.topic(), count, "records with a text", false);
        }
        if (group.tombstone()) {
            return new Finding(
                    "topic " + group.topic(),
                    count,
                    "tombstones, which go with tailrace.kafka.tombstone-retention",
                    true);
        }
        if (group.topic().equals(Topics.AUDIT)) {
            return new Finding(
                    "topic " + group.topic(),
                    count,
                    "records of what the person searched for themselves, with the id, which leads nowhere",
                    true);
        }
        boolean ofSeats = OF_SEATS.contains(group.topic()) || group.topic().contains("-seats-v");
        return new Finding(
                "topic " + group.topic(),
                count,
                ofSeats ? "records about shows and seats with the id, which leads nowhere" : "records with the id",
                ofSeats);
    }

    private Map<Group, Long> read(TopicDescription topic) {
        Map<Group, Long> found = new java.util.HashMap<>();
        List<TopicPartition> all = IntStream.range(0, topic.partitions().size())
                .mapToObj(partition -> new TopicPartition(topic.name(), partition))
                .toList();
        Map<String, Object> config = kafka.reader(CLIENT);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        config.put(ConsumerConfig.EXCLUDE_INTERNAL_TOPICS_CONFIG, false);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config)) {
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            while (all.stream().anyMatch(at -> consumer.position(at) < ends.getOrDefault(at, 0L))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    Traces.Kind kind = kind(record);
                    if (kind != null) {
                        byte @Nullable [] value = record.value();
                        found.merge(new Group(topic.name(), value == null, kind), 1L, Long::sum);
                    }
                }
            }
        }
        return found;
    }

    private Traces.@Nullable Kind kind(ConsumerRecord<byte[], byte[]> record) {
        Traces.Kind kind = Traces.greater(traces.in(record.key()), traces.in(record.value()));
        for (Header header : record.headers()) {
            kind = Traces.greater(kind, traces.in(header.value()));
        }
        return kind;
    }
}
