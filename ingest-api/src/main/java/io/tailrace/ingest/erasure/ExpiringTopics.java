package io.tailrace.ingest.erasure;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.KafkaSettings;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * What may name a person and is forgotten by time alone, because no tombstone reaches it: the channels to which posts are delivered, those of uploads, answers and jobs, and the
 * topics of jobs. The brokers delete whole segments, and a segment only when its latest record is older than the retention, so a time alone
 * does not tell when something is gone: the offsets do. Thread-safe; blocks.
 */
@Singleton
final class ExpiringTopics {
    private static final String CLIENT = "ingest-api-erasure-topics";
    private static final List<String> CHANNELS = List.of("feed", "author", "upload", "answer", "job", "jobs");
    private static final Set<String> OF_JOBS = Set.of(Topics.JOB_COMMANDS, Topics.JOB_EVENTS, Topics.JOB_LOGS);

    private final KafkaSettings kafka;
    private final List<Namespace> channels;
    private final Set<String> names;

    ExpiringTopics(KafkaSettings kafka, Namespaces namespaces) {
        this.kafka = kafka;
        this.channels = CHANNELS.stream()
                .flatMap(name -> namespaces.of(new Channel(name)).stream())
                .toList();
        this.names = Stream.concat(OF_JOBS.stream(), channels.stream().map(Namespace::topic))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** How long each of the channels keeps a record at least, in milliseconds; before that it need not be looked. */
    long shortestMs() {
        return channels.stream()
                .mapToLong(each -> each.retention().toMillis())
                .min()
                .orElse(0);
    }

    /** Where they end now, as text. */
    String ends() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.consumer(CLIENT))) {
            Map<String, Long> ends = new TreeMap<>();
            consumer.endOffsets(partitions(consumer)).forEach((at, end) -> ends.put(at.toString(), end));
            return new String(Json.write(ends), StandardCharsets.UTF_8);
        }
    }

    /**
     * Whether the brokers have deleted everything before some ends.
     *
     * @param ends of {@link #ends()}; a partition that is not named there has nothing
     */
    boolean areGone(String ends) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.consumer(CLIENT))) {
            return areGone(ends, consumer.beginningOffsets(partitions(consumer)));
        }
    }

    /**
     * The same.
     *
     * @param firsts the offsets at which the partitions begin
     */
    static boolean areGone(String ends, Map<TopicPartition, Long> firsts) {
        JsonNode wanted = tree(ends);
        return firsts.entrySet().stream()
                .allMatch(first -> first.getValue()
                        >= wanted.path(first.getKey().toString()).asLong(0));
    }

    /** Whether some ends are those of the topics of jobs, too: a version before noted the channels alone. */
    static boolean haveJobs(String ends) {
        return tree(ends).has(new TopicPartition(Topics.JOB_EVENTS, 0).toString());
    }

    /**
     * Whether a topic is one of them; that of the released jobs of a queue also if the queue is not declared any more.
     *
     * @param names of the others
     */
    static boolean isOne(String topic, Set<String> names) {
        return names.contains(topic) || topic.startsWith(Topics.JOB_READY_PREFIX);
    }

    private static JsonNode tree(String json) {
        try {
            return Json.mapper().readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException("the ends of topics are " + json, e);
        }
    }

    /** Of those that the brokers have. */
    private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) {
        return consumer.listTopics().entrySet().stream()
                .filter(topic -> isOne(topic.getKey(), names))
                .flatMap(topic -> topic.getValue().stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
    }
}
