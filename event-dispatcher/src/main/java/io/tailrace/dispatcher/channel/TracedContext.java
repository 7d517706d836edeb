package io.tailrace.dispatcher.channel;

import java.io.File;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A task's context that gives whatever is derived from a record the trace of that record: the header {@code traceparent} (W3C
 * Trace Context). It names the span that wrote the fact, and goes on as it came. What a clock leads to has no trace. Belongs to
 * one task: not thread-safe.
 *
 * @param <K> keys that are forwarded
 * @param <V> values that are
 */
public final class TracedContext<K, V> implements ProcessorContext<K, V> {
    private static final String TRACE = "traceparent";

    /** Twice what its version 00 takes: whatever else somebody puts there is not multiplied. */
    private static final int MAX_BYTES = 110;

    private static final byte[] NO_TRACE = {};

    private final ProcessorContext<K, V> context;
    private @Nullable Header trace;

    /** A context over that of the task. */
    public TracedContext(ProcessorContext<K, V> context) {
        this.context = context;
    }

    /** What is forwarded from now on is derived from a record with these headers. */
    public void begin(Headers headers) {
        Header header = headers.lastHeader(TRACE);
        trace = header != null && header.value() != null && header.value().length <= MAX_BYTES ? header : null;
    }

    /** The trace of what is forwarded now, to {@link #resume} with later; empty for none. */
    public byte[] trace() {
        Header current = trace;
        return current == null ? NO_TRACE : current.value();
    }

    /** What is forwarded from now on is derived from a record whose {@link #trace} this was. */
    public void resume(byte[] trace) {
        this.trace = trace.length == 0 ? null : new RecordHeader(TRACE, trace);
    }

    /** What is forwarded from now on is derived from nothing. */
    public void end() {
        trace = null;
    }

    @Override
    public <A extends K, B extends V> void forward(Record<A, B> record) {
        context.forward(traced(record));
    }

    @Override
    public <A extends K, B extends V> void forward(Record<A, B> record, String childName) {
        context.forward(traced(record), childName);
    }

    /** Dead letters have it already: they keep all headers of the record. */
    private <A extends K, B extends V> Record<A, B> traced(Record<A, B> record) {
        if (trace != null && record.headers().lastHeader(TRACE) == null) {
            record.headers().add(trace);
        }
        return record;
    }

    @Override
    public String applicationId() {
        return context.applicationId();
    }

    @Override
    public TaskId taskId() {
        return context.taskId();
    }

    @Override
    public Optional<RecordMetadata> recordMetadata() {
        return context.recordMetadata();
    }

    @Override
    public Serde<?> keySerde() {
        return context.keySerde();
    }

    @Override
    public Serde<?> valueSerde() {
        return context.valueSerde();
    }

    @Override
    public File stateDir() {
        return context.stateDir();
    }

    @Override
    public StreamsMetrics metrics() {
        return context.metrics();
    }

    @Override
    public <S extends StateStore> S getStateStore(String name) {
        return context.getStateStore(name);
    }

    @Override
    public Cancellable schedule(Duration interval, PunctuationType type, Punctuator callback) {
        return context.schedule(interval, type, callback);
    }

    @Override
    public Cancellable schedule(Instant start, Duration interval, PunctuationType type, Punctuator callback) {
        return context.schedule(start, interval, type, callback);
    }

    @Override
    public void commit() {
        context.commit();
    }

    @Override
    public Map<String, Object> appConfigs() {
        return context.appConfigs();
    }

    @Override
    public Map<String, Object> appConfigsWithPrefix(String prefix) {
        return context.appConfigsWithPrefix(prefix);
    }

    @Override
    public long currentSystemTimeMs() {
        return context.currentSystemTimeMs();
    }

    @Override
    public long currentStreamTimeMs() {
        return context.currentStreamTimeMs();
    }
}
