package io.tailrace.workers.answer;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.event.Event;
import io.tailrace.kit.json.Json;
import io.tailrace.workers.testing.TestBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/** What the channel of an answer has, read from the log. */
final class AnswerEventsRead {
    private AnswerEventsRead() {}

    /** An event. */
    record Told(String id, String type, JsonNode data) {}

    /** The events so far, in their order. */
    static List<Told> of(UUID owner, UUID answer) {
        Channel channel = new Channel("answer:" + owner + ":" + answer);
        Namespace namespace = Namespaces.builtIn().of(channel).orElseThrow();
        // Attempts do not wait for the log in the middle of an answer.
        TestBroker.shared().producer().flush();
        return TestBroker.shared().records(namespace.topic(), channel.partition(namespace.partitions())).stream()
                .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals(channel.name()))
                .map(record -> told(record.headers(), record.value()))
                .toList();
    }

    /** The events that a handler has given to a producer. */
    static List<Told> of(List<ProducerRecord<byte[], byte[]>> records) {
        return records.stream()
                .map(record -> told(record.headers(), record.value()))
                .toList();
    }

    /** The text of all deltas of one attempt. */
    static String text(List<Told> events, int attempt) {
        return events.stream()
                .filter(event -> event.type().equals("answer_delta")
                        && event.data().path("attempt").asInt() == attempt)
                .map(event -> event.data().path("text").asText())
                .collect(Collectors.joining());
    }

    private static Told told(Headers headers, byte[] value) {
        try {
            return new Told(
                    header(headers, Event.HEADER_ID),
                    header(headers, Event.HEADER_TYPE),
                    Json.mapper().readTree(value));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String header(Headers headers, String name) {
        return new String(headers.lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
