package io.tailrace.dispatcher.poison;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import io.tailrace.contracts.channel.KeyPartition;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.text.Excerpt;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventReading;
import io.tailrace.kit.kafka.EventRecords;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Reads facts from records: what every topology checks before it believes a record. Immutable.
 *
 * @param maxEventBytes the largest value that is let through, in bytes; whatever is derived from it has to fit into the
 *     topics behind, which accept 1 MiB by default
 * @param factPartitions partitions of the topics that are read, to check that a record is in its own
 */
public record FactReader(int maxEventBytes, int factPartitions) {
    /** Checks the bounds. */
    public FactReader {
        if (maxEventBytes < 1) {
            throw new IllegalArgumentException("maxEventBytes: " + maxEventBytes + ", expected at least 1");
        }
        if (factPartitions < 1) {
            throw new IllegalArgumentException("factPartitions: " + factPartitions + ", expected at least 1");
        }
    }

    /**
     * How one kind of fact is read.
     *
     * @param <T> the fact
     */
    @FunctionalInterface
    public interface Reader<T> {
        /** The fact that a record states. */
        T read(ConsumerRecord<byte[], byte[]> record) throws Unsound;
    }

    /** Reads a record, with every fault as a value. */
    public static <T> CheckedRecord<T> read(ConsumerRecord<byte[], byte[]> record, Reader<T> reader) {
        try {
            return new CheckedRecord.Sound<>(reader.read(record));
        } catch (Unsound fault) {
            return new CheckedRecord.Poisoned<>(fault.poison());
        }
    }

    /**
     * The event that a record carries.
     *
     * @throws Unsound if there is none, or if it is not of a form that can be delivered
     */
    public Event event(ConsumerRecord<byte[], byte[]> record) throws Unsound {
        if (isTombstone(record)) {
            throw new Unsound(Poison.Kind.NULL_VALUE, "the value is null, expected an event");
        }
        Event event =
                switch (EventRecords.read(record)) {
                    case EventReading.Readable(Event readable) -> readable;
                    case EventReading.Tombstone(String key) ->
                        throw new Unsound(Poison.Kind.NULL_VALUE, "the value of " + key + " is null");
                    case EventReading.Unreadable(String reason) -> throw new Unsound(Poison.Kind.ENVELOPE, reason);
                };
        if (event.data().length > maxEventBytes) {
            String actual = "the value has " + event.data().length + " bytes";
            throw new Unsound(Poison.Kind.TOO_LARGE, actual + ", expected at most " + maxEventBytes);
        }
        return event;
    }

    /** Whether a record has no value. */
    public static boolean isTombstone(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] value = record.value();
        return value == null;
    }

    /**
     * Whether a record is the second tombstone of a fact. It is written when the first may be compacted, because a broker compacts no
     * segment that it still writes to, and says nothing new.
     */
    public static boolean isRepeatedTombstone(ConsumerRecord<byte[], byte[]> record) {
        @Nullable Header type = record.headers().lastHeader(Event.HEADER_TYPE);
        return isTombstone(record)
                && type != null
                && Arrays.equals(type.value(), EventTypes.FACT_FORGOTTEN.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * An event's data as a payload. Unknown fields are let through: a newer writer may know more than we do.
     *
     * @throws Unsound if it is not UTF-8, not JSON, or not of the payload's form
     */
    public static <T> T payload(Event event, Class<T> type) throws Unsound {
        try {
            // Jackson reads overlong forms and lone surrogates, which a browser would not.
            if (!isAscii(event.data())) {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(event.data()));
            }
            return present(Json.read(event.data(), type), "(the whole value)");
        } catch (CharacterCodingException e) {
            throw new Unsound(Poison.Kind.VALUE, "the value is not UTF-8");
        } catch (IOException e) {
            throw new Unsound(Poison.Kind.VALUE, "the value is not a " + event.type() + ": " + fault(e));
        }
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * A field that must be there.
     *
     * @throws Unsound if it is null
     */
    public static <T> T present(@Nullable T value, String field) throws Unsound {
        if (value == null) {
            throw new Unsound(Poison.Kind.VALUE, "the field " + field + " is missing or null");
        }
        return value;
    }

    /**
     * Like {@link #present}, for a field that the topology only passes on.
     *
     * @throws Unsound if it is null
     */
    public static void require(@Nullable Object value, String field) throws Unsound {
        Object ignored = present(value, field);
    }

    /**
     * Checks that a record has the key that its value asks for, and lies in the partition of its owner: elsewhere it
     * would be out of the order, and away from the state, that belong to it.
     *
     * @param owner the part of the key that decides the partition
     * @throws Unsound if not
     */
    public void place(ConsumerRecord<byte[], byte[]> record, String key, String owner) throws Unsound {
        String actual = key(record);
        if (!key.equals(actual)) {
            throw new Unsound(Poison.Kind.KEY, "the key is " + shown(actual) + ", expected \"" + key + '"');
        }
        int expected = KeyPartition.of(owner.getBytes(StandardCharsets.UTF_8), factPartitions);
        if (record.partition() != expected) {
            throw new Unsound(
                    Poison.Kind.KEY,
                    "the record is in partition " + record.partition() + ", expected " + expected + ", that of "
                            + owner);
        }
    }

    /** A record's key as text; a malformed character becomes U+FFFD. */
    public static @Nullable String key(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] key = record.key();
        return key == null ? null : new String(key, StandardCharsets.UTF_8);
    }

    /** The fault of a type that does not belong into a topic. */
    public static Unsound unknownType(Event event, String expected) {
        return new Unsound(Poison.Kind.UNKNOWN_TYPE, "the type is " + shown(event.type()) + ", expected " + expected);
    }

    private static String fault(IOException e) {
        return switch (e) {
            case JsonMappingException mapping -> mapping.getOriginalMessage() + " at " + mapping.getPathReference();
            case JsonProcessingException json -> json.getOriginalMessage();
            default -> String.valueOf(e.getMessage());
        };
    }

    private static String shown(@Nullable String text) {
        if (text == null) {
            return "null";
        }
        String printable = text.replaceAll("\\p{Cntrl}", "?");
        return '"' + Excerpt.of(printable, 100) + '"';
    }
}
