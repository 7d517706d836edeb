package io.tailrace.kit.trace;

import io.grpc.Metadata;
import io.grpc.Status;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import jakarta.inject.Singleton;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Spans of gRPC calls, each in the trace of its caller if that names one (W3C Trace Context); described by OpenTelemetry's semantic
 * conventions for gRPC, without addresses. Thread-safe.
 */
@Singleton
public final class CallSpans {
    private static final TextMapGetter<Metadata> METADATA = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Metadata metadata) {
            return metadata.keys();
        }

        @Override
        public @Nullable String get(@Nullable Metadata metadata, String name) {
            return metadata == null ? null : metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
        }
    };

    private final @Nullable Tracer tracer;

    CallSpans(Tracing tracing) {
        this.tracer = tracing.tracer("io.tailrace.kit");
    }

    /**
     * Has a call answered within its span, which is the current one on this thread meanwhile; without one if there are to be none.
     *
     * @param method the full name, {@code service/method}
     * @param call answers it, and says with what status
     */
    public void within(String method, Metadata headers, Supplier<Status.Code> call) {
        if (tracer == null) {
            var unused = call.get();
            return;
        }
        Context caller = W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, METADATA);
        int slash = method.indexOf('/');
        Span span = tracer.spanBuilder(method)
                .setParent(caller)
                .setSpanKind(SpanKind.SERVER)
                .setAttribute("rpc.system", "grpc")
                .setAttribute("rpc.service", method.substring(0, Math.max(0, slash)))
                .setAttribute("rpc.method", method.substring(slash + 1))
                .startSpan();
        try (Scope scope = caller.with(span).makeCurrent()) {
            Status.Code code = call.get();
            span.setAttribute("rpc.grpc.status_code", code.value());
            if (code == Status.Code.INTERNAL || code == Status.Code.UNAVAILABLE) {
                span.setStatus(StatusCode.ERROR);
            }
        } finally {
            span.end();
        }
    }
}
