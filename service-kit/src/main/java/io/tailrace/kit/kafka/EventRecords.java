package io.tailrace.kit.kafka;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.text.Excerpt;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Events as Kafka records and back: CloudEvents Kafka protocol binding 1.0, binary content mode. Pure. */
public final class EventRecords {
    private EventRecords() {}

    /**
     * The record that carries an event.
     *
     * @param partition the partition, or null for Kafka's own choice by the key
     * @param key the record's key
     * @throws IllegalArgumentException if the event's data is not on one line or its type is not of the grammar
     */
    public static ProducerRecord<byte[], byte[]> toRecord(
            String topic, @Nullable Integer partition, String key, Event event) {
        String fault = fault(event);
        if (fault != null) {
            throw new IllegalArgumentException("event " + event.id() + ": " + fault);
        }
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, partition, key.getBytes(StandardCharsets.UTF_8), event.data());
        event.headers().forEach(header -> record.headers().add(header.name(), header.value()));
        return record;
    }

    /**
     * The record without a value by which compaction forgets what is known under a key. It has the attributes of an event,
     * by which it is found again and traced; the event's data is not in it.
     *
     * @param partition the partition, or null for Kafka's own choice by the key
     * @throws IllegalArgumentException as {@link #toRecord}
     */
    public static ProducerRecord<byte[], byte[]> toTombstone(
            String topic, @Nullable Integer partition, String key, Event event) {
        ProducerRecord<byte[], byte[]> like = toRecord(topic, partition, key, event);
        return new ProducerRecord<>(topic, partition, null, like.key(), null, like.headers());
    }

    /**
     * What a record is. An event without a time gets the record's own. Where a header occurs twice the last one counts,
     * as everywhere in Kafka.
     */
    public static EventReading read(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] value = record.value();
        try {
            if (value == null) {
                byte @Nullable [] key = record.key();
                return key == null
                        ? new EventReading.Unreadable("neither key nor value")
                        : new EventReading.Tombstone(text("key", key));
            }
            Event event = event(record, value);
            String fault = fault(event);
            return fault == null ? new EventReading.Readable(event) : new EventReading.Unreadable(fault);
        } catch (IllegalArgumentException e) {
            return new EventReading.Unreadable(String.valueOf(e.getMessage()));
        }
    }

    private static Event event(ConsumerRecord<byte[], byte[]> record, byte[] value) {
        String version = required(record, Event.HEADER_SPEC_VERSION);
        if (!version.equals(Event.SPEC_VERSION)) {
            throw new IllegalArgumentException(
                    Event.HEADER_SPEC_VERSION + " is \"" + shown(version) + "\", expected " + Event.SPEC_VERSION);
        }
        return new Event(
                required(record, Event.HEADER_ID),
                required(record, Event.HEADER_TYPE),
                required(record, Event.HEADER_SOURCE),
                time(record),
                header(record, Event.HEADER_SUBJECT),
                value);
    }

    private static Instant time(ConsumerRecord<byte[], byte[]> record) {
        String time = header(record, Event.HEADER_TIME);
        if (time == null) {
            return Instant.ofEpochMilli(record.timestamp());
        }
        try {
            return EventTime.parse(time);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    Event.HEADER_TIME + " is \"" + shown(time) + "\", expected an RFC 3339 time", e);
        }
    }

    private static String required(ConsumerRecord<byte[], byte[]> record, String name) {
        String value = header(record, name);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException("header " + name + " is missing");
        }
        return value;
    }

    private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
        @Nullable Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? null : text("header " + name, header.value());
    }

    private static String text(String what, byte[] utf8) {
        // Where nothing was malformed there is no U+FFFD, or it was there before: only then a strict decoder must tell.
        String text = new String(utf8, StandardCharsets.UTF_8);
        return text.indexOf('\uFFFD') < 0 ? text : strictly(what, utf8);
    }

    private static String strictly(String what, byte[] utf8) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(what + " is not UTF-8", e);
        }
    }

    /** What would break a frame of an edge, whose lines end at CR and LF, or null. */
    private static @Nullable String fault(Event event) {
        if (!EventTypes.isValid(event.type())) {
            return "type \"" + shown(event.type()) + "\" is not of the grammar of types";
        }
        if (hasControl(event.id()) || hasControl(event.source()) || hasControl(event.subject())) {
            return "id, source or subject has a control character";
        }
        for (byte b : event.data()) {
            if (b == '\n' || b == '\r') {
                return "data is not on one line";
            }
        }
        return event.data().length == 0 ? "data is empty" : null;
    }

    private static boolean hasControl(@Nullable String text) {
        if (text != null) {
            for (int i = 0; i < text.length(); i++) {
                if (Character.isISOControl(text.charAt(i))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String shown(String text) {
        return Excerpt.of(text.replaceAll("\\p{Cntrl}", "?"), 60);
    }
}
