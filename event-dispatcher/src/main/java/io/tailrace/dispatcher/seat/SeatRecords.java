package io.tailrace.dispatcher.seat;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.seat.SeatEvents;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Puts events into the records of the sinks. A decision leads to some three of them, thousands of times in a second, so
 * what they have in common is made once: the same as {@link Event#headers()} would make. One task's; not thread-safe.
 */
final class SeatRecords {
    static final String EVENTS_SINK = "seat-events";
    static final String SHOW_SINK = "show-channel";
    static final String USER_SINK = "user-channel";
    static final String CLOCK_SINK = "clock";

    private static final Header SPEC_VERSION = header(Event.HEADER_SPEC_VERSION, Event.SPEC_VERSION);
    private static final Header SOURCE = header(Event.HEADER_SOURCE, "/tailrace/event-dispatcher");
    private static final Header CONTENT_TYPE = header(Event.HEADER_CONTENT_TYPE, Event.JSON);

    private final ProcessorContext<byte[], byte[]> context;

    /** By type; there are a dozen. */
    private final Map<String, Header> types = new HashMap<>();

    private Header id = header(Event.HEADER_ID, "");
    private Header time = header(Event.HEADER_TIME, "");
    private long nowMs = -1;

    SeatRecords(ProcessorContext<byte[], byte[]> context) {
        this.context = context;
    }

    /** What follows are events of this id and time. */
    void begin(UUID eventId, long timeMs) {
        id = header(Event.HEADER_ID, eventId.toString());
        if (timeMs != nowMs) {
            nowMs = timeMs;
            time = header(Event.HEADER_TIME, Instant.ofEpochMilli(timeMs).toString());
        }
    }

    void toShow(UUID showId, String type, byte[] data) {
        context.forward(new Record<>(bytes(showId.toString()), data, nowMs, headers(type)), EVENTS_SINK);
    }

    void toShowChannel(UUID showId, String type, byte[] data) {
        toChannel("show:" + showId, type, data, SHOW_SINK);
    }

    void toUser(String userId, String type, byte[] data) {
        toChannel("user:" + userId, type, data, USER_SINK);
    }

    void toOurselves(int partition, String type, byte[] data) {
        context.forward(new Record<>(bytes(SeatEvents.CLOCK_KEY + partition), data, nowMs, headers(type)), CLOCK_SINK);
    }

    private void toChannel(String channel, String type, byte[] data, String sink) {
        byte[] name = bytes(channel);
        RecordHeaders headers = headers(type);
        headers.add(new RecordHeader(Event.HEADER_SUBJECT, name));
        context.forward(new Record<>(name, data, nowMs, headers), sink);
    }

    private RecordHeaders headers(String type) {
        Header typeHeader = types.computeIfAbsent(type, t -> header(Event.HEADER_TYPE, t));
        return new RecordHeaders(new Header[] {SPEC_VERSION, id, typeHeader, SOURCE, time, CONTENT_TYPE});
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
