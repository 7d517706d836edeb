package io.tailrace.kit.trace;

import io.micronaut.core.propagation.ThreadPropagatedContextElement;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * A span as the current one of each thread that works on its request, for whoever asks OpenTelemetry, and in the MDC as
 * {@code trace_id} and {@code span_id}, for logs.
 *
 * @param context with the span
 */
record CurrentSpan(Context context) implements ThreadPropagatedContextElement<CurrentSpan.Before> {
    static final String TRACE_ID = "trace_id";
    static final String SPAN_ID = "span_id";

    /**
     * What a thread had before.
     *
     * @param scope gives it back its span
     */
    record Before(Scope scope, @Nullable String traceId, @Nullable String spanId) {}

    @Override
    @SuppressWarnings("MustBeClosedChecker") // Micronaut calls restoreThreadContext for every call of this
    public Before updateThreadContext() {
        Before before = new Before(context.makeCurrent(), MDC.get(TRACE_ID), MDC.get(SPAN_ID));
        SpanContext span = Span.fromContext(context).getSpanContext();
        MDC.put(TRACE_ID, span.getTraceId());
        MDC.put(SPAN_ID, span.getSpanId());
        return before;
    }

    @Override
    public void restoreThreadContext(Before before) {
        before.scope().close();
        restore(TRACE_ID, before.traceId());
        restore(SPAN_ID, before.spanId());
    }

    private static void restore(String key, @Nullable String value) {
        if (value == null) {
            MDC.remove(key);
        } else {
            MDC.put(key, value);
        }
    }
}
