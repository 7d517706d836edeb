package io.tailrace.dispatcher.testing;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.Follow;
import io.tailrace.contracts.event.MetricCreated;
import io.tailrace.contracts.event.MetricReadingCreated;
import io.tailrace.contracts.event.PostPublished;
import io.tailrace.kit.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** Facts as ingest-api writes them. */
public final class Facts {
    /** When everything happens, unless a test says otherwise. */
    public static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");

    private static final String SOURCE = "/tailrace/ingest-api";

    private Facts() {}

    /** A record as an input of a topology. */
    public static TestRecord<byte[], byte[]> record(
            @Nullable String key, byte @Nullable [] value, RecordHeaders headers) {
        return new TestRecord<>(key == null ? null : bytes(key), value, headers, NOW);
    }

    /** An event as an input of a topology. */
    public static TestRecord<byte[], byte[]> record(String key, Event event) {
        return record(key, event.data(), headers(event));
    }

    /** The headers of an event. */
    public static RecordHeaders headers(Event event) {
        RecordHeaders headers = new RecordHeaders();
        event.headers().forEach(header -> headers.add(header.name(), header.value()));
        return headers;
    }

    /** An event with a payload. */
    public static Event event(String type, Object payload) {
        return new Event(UUID.randomUUID().toString(), type, SOURCE, NOW, null, Json.write(payload));
    }

    /** Somebody follows somebody. */
    public static TestRecord<byte[], byte[]> follow(UUID follower, UUID followee) {
        return record(followee + "/" + follower, event(EventTypes.USER_FOLLOWED, new Follow(follower, followee, NOW)));
    }

    /** Somebody no longer follows somebody. */
    public static TestRecord<byte[], byte[]> unfollow(UUID follower, UUID followee) {
        return record(
                followee + "/" + follower, event(EventTypes.USER_UNFOLLOWED, new Follow(follower, followee, NOW)));
    }

    /** A post. */
    public static TestRecord<byte[], byte[]> post(UUID id, UUID author, String text) {
        return record(author.toString(), event(EventTypes.POST_PUBLISHED, new PostPublished(id, author, text, NOW)));
    }

    /** A metric. */
    public static TestRecord<byte[], byte[]> metric(UUID id, String name) {
        return record(id.toString(), event(EventTypes.METRIC_CREATED, new MetricCreated(id, name, null)));
    }

    /** A reading. */
    public static TestRecord<byte[], byte[]> reading(UUID id, UUID metric, double value) {
        return record(
                metric.toString(),
                event(EventTypes.METRIC_READING_CREATED, new MetricReadingCreated(id, metric, value, NOW)));
    }

    /** UTF-8. */
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** From UTF-8. */
    public static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** A header's value. */
    public static String header(TestRecord<byte[], byte[]> record, String name) {
        return text(record.headers().lastHeader(name).value());
    }
}
