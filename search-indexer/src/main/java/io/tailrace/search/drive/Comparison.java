package io.tailrace.search.drive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.consume.Source;
import io.tailrace.kit.consume.TopicLookup;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.DeadLetters;
import io.tailrace.search.document.DocumentChange;
import io.tailrace.search.document.SearchIndex;
import io.tailrace.search.index.Documents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Compares an index with the log, document by document: the log is read from its start as if the index were made anew, and
 * each document must have the version and the fields that follow. Records in the dead letters are left out. What is
 * written meanwhile is not looked at. Remembers a number for each document, not the document.
 */
public final class Comparison {
    private static final int SHOWN = 20;
    private static final Duration POLL = Duration.ofSeconds(1);

    private final Documents documents;
    private final KafkaClients clients;
    private final TopicLookup topics;

    /**
     * What came out.
     *
     * @param documents how many the log asks for
     * @param differences how many are not as they must be
     * @param shown the first of them, for a person
     */
    public record Result(long documents, long differences, List<String> shown) {}

    /** What the log asks for: {@code hash} is of the fields, or null if it was deleted. */
    private record Wanted(long version, int partition, @Nullable Integer hash) {}

    private record Place(int partition, long offset) {}

    /** Compares what it is given. */
    public Comparison(Documents documents, KafkaClients clients, TopicLookup topics) {
        this.documents = documents;
        this.clients = clients;
        this.topics = topics;
    }

    /**
     * Compares. Blocks as long as it takes to read both.
     *
     * @throws IOException if Elasticsearch is away
     */
    public Result compare(SearchIndex index) throws IOException {
        Source source = topics.find(index.topic());
        Map<UUID, Wanted> wanted = new HashMap<>();
        Set<Place> dead = dead(index);
        Map<TopicPartition, Long> ends =
                read(index.topic(), source.partitions(), Map.of(), record -> change(index, record)
                        .filter(change -> !dead.contains(new Place(record.partition(), record.offset())))
                        .ifPresent(change -> wanted.put(
                                change.id(), new Wanted(record.offset() + 1, record.partition(), hash(change)))));
        wanted.values().removeIf(each -> each.hash() == null);
        long count = wanted.size();
        Map<UUID, String> findings = new LinkedHashMap<>();
        documents.visitAll(index, (id, version, fields) -> {
            UUID document = UUID.fromString(id);
            Wanted expected = wanted.remove(document);
            if (expected == null) {
                findings.put(document, "is in the index, and not in the log");
            } else if (version != expected.version()
                    || !Objects.equals(
                            expected.hash(), hashOfFields(Json.mapper().valueToTree(fields)))) {
                findings.put(document, "differs, version " + version + ", expected " + expected.version());
            }
        });
        wanted.forEach((id, expected) -> findings.put(
                id,
                "is in the log at " + expected.partition() + "@" + (expected.version() - 1)
                        + ", and not in the index"));
        // What was written after the log was read explains itself.
        var unused = read(index.topic(), source.partitions(), ends, record -> change(index, record)
                .ifPresent(change -> findings.remove(change.id())));
        List<String> shown = findings.entrySet().stream()
                .limit(SHOWN)
                .map(finding -> finding.getKey() + ": " + finding.getValue())
                .toList();
        return new Result(count, findings.size(), shown);
    }

    private static Optional<DocumentChange> change(SearchIndex index, ConsumerRecord<byte[], byte[]> record) {
        return LogEntry.read(record, index::read) instanceof ParsedRecord.Changes<DocumentChange>(DocumentChange change)
                ? Optional.of(change)
                : Optional.empty();
    }

    private Set<Place> dead(SearchIndex index) {
        Set<Place> places = new HashSet<>();
        var unused = read(Topics.DEAD_LETTERS, 1, Map.of(), letter -> {
            if (header(letter, DeadLetters.HEADER_TOPIC).equals(index.topic())) {
                places.add(new Place(
                        Integer.parseInt(header(letter, DeadLetters.HEADER_PARTITION)),
                        Long.parseLong(header(letter, DeadLetters.HEADER_OFFSET))));
            }
        });
        return places;
    }

    /** Reads a topic from its start, or from where it is told to, to its end as of now; the ends. */
    private Map<TopicPartition, Long> read(
            String topic,
            int partitions,
            Map<TopicPartition, Long> from,
            Consumer<ConsumerRecord<byte[], byte[]>> each) {
        List<TopicPartition> all = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        try (var consumer = clients.reader()) {
            consumer.assign(all);
            consumer.seekToBeginning(all);
            from.forEach(consumer::seek);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            while (all.stream().anyMatch(at -> consumer.position(at) < ends.getOrDefault(at, 0L))) {
                consumer.poll(POLL).forEach(record -> {
                    if (record.offset() < ends.getOrDefault(new TopicPartition(topic, record.partition()), 0L)) {
                        each.accept(record);
                    }
                });
            }
            return ends;
        }
    }

    private static @Nullable Integer hash(DocumentChange change) {
        return switch (change) {
            case DocumentChange.Put put -> hashOfFields(Json.mapper().valueToTree(put.fields()));
            case DocumentChange.Delete delete -> null;
        };
    }

    /** Without regard to the order of fields; a field that is null is one that is not there. */
    private static int hashOfFields(JsonNode fields) {
        ObjectNode copy = fields.deepCopy();
        copy.properties().removeIf(field -> field.getValue().isNull());
        return copy.hashCode();
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        @Nullable Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
