package io.tailrace.kit.trace;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.order.Ordered;
import io.micronaut.core.propagation.MutablePropagatedContext;
import io.micronaut.http.BasicHttpAttributes;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes a span of every request, in the trace of the caller if it names one (W3C Trace Context), and has it be the current
 * one on whatever thread the request is worked on. Named and described by the semantic conventions of OpenTelemetry for HTTP
 * servers; without queries, addresses and user agents, which can hold tokens and tell who somebody is.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Requires(condition = ExportWanted.class)
final class RequestSpans implements Ordered {
    private static final String SPAN = "tailrace.span";

    private static final TextMapGetter<HttpHeaders> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(HttpHeaders headers) {
            return headers.names();
        }

        @Override
        public @Nullable String get(@Nullable HttpHeaders headers, String name) {
            return headers == null ? null : headers.get(name);
        }
    };

    private final Tracer tracer;

    RequestSpans(Tracing tracing) {
        this.tracer = Objects.requireNonNull(tracing.tracer("io.tailrace.kit"));
    }

    /** Around all others, so that the line about the request is written within its span. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @RequestFilter
    void open(HttpRequest<?> request, MutablePropagatedContext propagated) {
        if (isQuiet(request.getPath())) {
            return;
        }
        Context caller = W3CTraceContextPropagator.getInstance().extract(Context.root(), request.getHeaders(), HEADERS);
        Span span = tracer.spanBuilder(request.getMethodName())
                .setParent(caller)
                .setSpanKind(SpanKind.SERVER)
                .setAttribute("http.request.method", request.getMethodName())
                .setAttribute("url.path", request.getPath())
                .setAttribute("url.scheme", request.isSecure() ? "https" : "http")
                .startSpan();
        request.setAttribute(SPAN, span);
        var unused = propagated.add(new CurrentSpan(caller.with(span)));
    }

    @ResponseFilter
    void close(HttpRequest<?> request, HttpResponse<?> response) {
        Span span = request.getAttribute(SPAN, Span.class).orElse(null);
        if (span == null) {
            return;
        }
        BasicHttpAttributes.getUriTemplate(request).ifPresent(route -> {
            span.updateName(request.getMethodName() + " " + route);
            span.setAttribute("http.route", route);
        });
        span.setAttribute("http.response.status_code", response.code());
        if (response.code() >= 500) {
            span.setAttribute("error.type", String.valueOf(response.code()));
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }

    /** Asked every few seconds by probes and scrapers. */
    private static boolean isQuiet(String path) {
        return path.startsWith("/health") || path.startsWith("/prometheus");
    }
}
