package io.tailrace.edge.log;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.tailrace.edge.stream.StreamLoop;
import io.tailrace.edge.window.PartitionId;
import io.tailrace.kit.trace.RecordTrace;
import io.tailrace.kit.trace.Tracing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Spans of what this edge delivers: one for each record whose trace is sampled, however many streams read its channel, and
 * none if no stream here does. It begins when the record was read and ends when the last event loop has done the turn that
 * wrote it to every stream that could take it. A stream that catches up or replays is not waited for.
 *
 * <p>Belongs to the tailer's thread. A record that is not sampled costs a look at its headers, and a delivery nothing.
 */
public final class DeliverySpans {
    private final Tracer tracer;
    private final Map<LoopInbox, List<OpenSpan>> read = new LinkedHashMap<>();

    private DeliverySpans(Tracer tracer) {
        this.tracer = tracer;
    }

    /** Spans, or null if there are to be none. */
    public static @Nullable DeliverySpans of(Tracing tracing) {
        Tracer tracer = tracing.tracer("io.tailrace.edge");
        return tracer == null ? null : new DeliverySpans(tracer);
    }

    /** A record on its way through the loops. Thread-safe. */
    private static final class OpenSpan {
        private final Span span;
        private final PartitionId partition;
        private final String channel;
        private final AtomicInteger loopsLeft;
        private final AtomicInteger streams = new AtomicInteger();

        private OpenSpan(Span span, PartitionId partition, String channel, int loops) {
            this.span = span;
            this.partition = partition;
            this.channel = channel;
            this.loopsLeft = new AtomicInteger(loops);
        }

        void arrived(StreamLoop loop) {
            streams.addAndGet(loop.readers(partition, channel));
        }

        /** One that nobody reads here is never ended, and so not exported. */
        void written() {
            if (loopsLeft.decrementAndGet() == 0 && streams.get() > 0) {
                span.setAttribute("tailrace.streams", streams.get());
                span.end();
            }
        }
    }

    /** Begins the spans of records that were read from a partition. */
    void read(TailedPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Context writer = RecordTrace.sampled(record.headers());
            byte @Nullable [] key = record.key();
            if (writer != null && key != null && !partition.loops().isEmpty()) {
                OpenSpan delivery = new OpenSpan(
                        span(record, writer),
                        partition.id(),
                        new String(key, StandardCharsets.UTF_8),
                        partition.loops().size());
                for (LoopInbox loop : partition.loops()) {
                    read.computeIfAbsent(loop, l -> new ArrayList<>()).add(delivery);
                }
            }
        }
    }

    /** The batches with the records were given to the loops. */
    void handedOut() {
        read.forEach((loop, deliveries) -> loop.post(
                core -> {
                    deliveries.forEach(delivery -> delivery.arrived(core));
                    // The batches have asked for a turn, which is queued by now: this is behind it.
                    loop.post(turned -> deliveries.forEach(OpenSpan::written), 0);
                },
                0));
        read.clear();
    }

    private Span span(ConsumerRecord<byte[], byte[]> record, Context writer) {
        return tracer.spanBuilder("deliver " + record.topic())
                .setParent(writer)
                .setSpanKind(SpanKind.CONSUMER)
                .setAttribute("messaging.system", "kafka")
                .setAttribute("messaging.operation.name", "deliver")
                .setAttribute("messaging.operation.type", "process")
                .setAttribute("messaging.destination.name", record.topic())
                .setAttribute("messaging.destination.partition.id", String.valueOf(record.partition()))
                .setAttribute("messaging.kafka.offset", record.offset())
                .startSpan();
    }
}
