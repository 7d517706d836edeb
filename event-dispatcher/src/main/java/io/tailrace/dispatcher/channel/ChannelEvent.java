package io.tailrace.dispatcher.channel;

import io.tailrace.contracts.event.Event;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;

/**
 * A fact on its way to one or many channels. Everything that is the same for all of them is made once: a post of an
 * author with thousands of followers differs from follower to follower in its key and its subject only.
 *
 * <p>The event stays the same event: id, type, source, time and data are the fact's. Its subject is the channel.
 */
public final class ChannelEvent {
    private final Header[] common;
    private final byte[] data;
    private final long timestampMs;

    /**
     * A fact to deliver.
     *
     * @param fact the event; its subject is not used
     * @param timestampMs the time of the records, in milliseconds since the epoch, not below zero
     */
    public ChannelEvent(Event fact, long timestampMs) {
        Event withoutSubject = new Event(fact.id(), fact.type(), fact.source(), fact.time(), null, fact.data());
        this.common = withoutSubject.headers().stream()
                .map(header -> new RecordHeader(header.name(), header.value()))
                .toArray(Header[]::new);
        this.data = fact.data();
        this.timestampMs = timestampMs;
    }

    /** The record that delivers it to a channel; the caller may change its headers. */
    public Record<byte[], byte[]> to(String channel) {
        byte[] name = channel.getBytes(StandardCharsets.UTF_8);
        RecordHeaders headers = new RecordHeaders(common);
        headers.add(Event.HEADER_SUBJECT, name);
        return new Record<>(name, data, timestampMs, headers);
    }
}
