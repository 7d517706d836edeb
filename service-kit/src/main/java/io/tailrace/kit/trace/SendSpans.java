package io.tailrace.kit.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Spans of records on their way into the log, each in the trace of the request that sends it. The record then names the span
 * as the one that wrote it. Described by OpenTelemetry's semantic conventions for Kafka. Thread-safe.
 */
public final class SendSpans {
    private final Tracer tracer;

    private SendSpans(Tracer tracer) {
        this.tracer = tracer;
    }

    /**
     * Spans of this scope, or null if there are to be none.
     *
     * @param scope whose spans they are, a package's name
     */
    public static @Nullable SendSpans of(Tracing tracing, String scope) {
        Tracer tracer = tracing.tracer(scope);
        return tracer == null ? null : new SendSpans(tracer);
    }

    /** A record that is being sent. Thread-safe. */
    public static final class Sending {
        private final Span span;

        private Sending(Span span) {
            this.span = span;
        }

        /** The brokers have it. */
        public void acknowledged(int partition, long offset) {
            span.setAttribute("messaging.destination.partition.id", String.valueOf(partition));
            span.setAttribute("messaging.kafka.offset", offset);
            span.end();
        }

        /** Nobody said that the brokers have it. */
        public void failed(Throwable fault) {
            span.setStatus(StatusCode.ERROR);
            span.setAttribute("error.type", fault.getClass().getName());
            span.end();
        }
    }

    /** Starts the span of a record, if the current trace of the thread is sampled; else null. */
    public @Nullable Sending start(ProducerRecord<byte[], byte[]> record) {
        Context current = Context.current();
        if (!Span.fromContext(current).getSpanContext().isSampled()) {
            return null;
        }
        Span span = tracer.spanBuilder("send " + record.topic())
                .setParent(current)
                .setSpanKind(SpanKind.PRODUCER)
                .setAttribute("messaging.system", "kafka")
                .setAttribute("messaging.operation.name", "send")
                .setAttribute("messaging.operation.type", "send")
                .setAttribute("messaging.destination.name", record.topic())
                .startSpan();
        RecordTrace.inject(current.with(span), record.headers());
        return new Sending(span);
    }
}
