package io.tailrace.kit.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The trace that a Kafka record belongs to: the header {@value #HEADER} of W3C Trace Context, with the span that wrote it.
 * Only records of traces that are sampled have it. Without a {@code tracestate}: a record has a size that is bounded. Pure.
 */
public final class RecordTrace {
    /** The header's name. */
    public static final String HEADER = "traceparent";

    /** What the header adds to a record at most, in bytes, with its lengths. */
    public static final int MAX_BYTES = HEADER.length() + 55 + 10;

    /** Version 00: 2 + 1 + 32 + 1 + 16 + 1 + 2 characters; a later version has these first. */
    private static final int LENGTH = 55;

    private static final TextMapGetter<Headers> GETTER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Headers headers) {
            return List.of(HEADER);
        }

        @Override
        public @Nullable String get(@Nullable Headers headers, String name) {
            Header header = headers == null || !name.equals(HEADER) ? null : headers.lastHeader(name);
            return header == null ? null : new String(header.value(), StandardCharsets.US_ASCII);
        }
    };

    private RecordTrace() {}

    /** Names the span as the one that wrote the record. */
    static void inject(Context context, Headers to) {
        W3CTraceContextPropagator.getInstance().inject(context, to, (headers, name, value) -> {
            if (headers != null && name.equals(HEADER)) {
                headers.add(HEADER, value.getBytes(StandardCharsets.US_ASCII));
            }
        });
    }

    /** The context of the span that wrote the record, or null if it has none that is sampled. */
    public static @Nullable Context sampled(Headers headers) {
        Header header = headers.lastHeader(HEADER);
        if (header == null || header.value() == null || !isSampled(header.value())) {
            return null;
        }
        Context context = W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, GETTER);
        return Span.fromContext(context).getSpanContext().isSampled() ? context : null;
    }

    /** The lowest bit of the flags, the last two hexadecimal digits: most of what is not sampled ends here. */
    private static boolean isSampled(byte[] traceparent) {
        return traceparent.length >= LENGTH && (Character.digit(traceparent[LENGTH - 1], 16) & 1) == 1;
    }
}
