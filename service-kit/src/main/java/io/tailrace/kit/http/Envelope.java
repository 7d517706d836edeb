package io.tailrace.kit.http;

import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.web.router.RouteAttributes;
import io.tailrace.kit.security.Caller;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outermost filter but for traces: adds the security headers, and writes one line a request: method, target without tokens, status, milliseconds, who. Never a body, a header or a token.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class Envelope implements Ordered {
    private static final Logger LOG = LoggerFactory.getLogger("io.tailrace.request");
    private static final String HSTS = "max-age=31536000";
    private static final String STARTED_NS = "tailrace.started-ns";

    /** Asked every few seconds by probes and scrapers. */
    private static final Set<String> QUIET = Set.of("/health", "/health/liveness", "/health/readiness", "/prometheus");

    private final Map<String, String> securityHeaders;

    Envelope(HttpSettings settings) {
        this.securityHeaders = Map.of(
                "X-Content-Type-Options", "nosniff",
                "X-Frame-Options", "DENY",
                "Referrer-Policy", "no-referrer",
                "Cross-Origin-Opener-Policy", "same-origin",
                "Cross-Origin-Resource-Policy", "same-origin",
                "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()",
                "Content-Security-Policy", settings.contentSecurityPolicy());
    }

    /** Within the request's span, so that its trace is in the line. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 1;
    }

    @RequestFilter
    void open(HttpRequest<?> request) {
        request.setAttribute(STARTED_NS, System.nanoTime());
    }

    @ResponseFilter
    void close(HttpRequest<?> request, MutableHttpResponse<?> response) {
        securityHeaders.forEach((name, value) -> {
            if (!response.getHeaders().contains(name)) {
                response.header(name, value);
            }
        });
        if (isSecure(request)) {
            response.header("Strict-Transport-Security", HSTS);
        }
        if (!response.getHeaders().contains(HttpHeaders.CACHE_CONTROL) && !isFile(request, response)) {
            response.header(HttpHeaders.CACHE_CONTROL, "no-store");
        }
        log(request, response.code());
    }

    /** Over TLS, also where a proxy ends it. A lie in its header does no harm: browsers ignore this one without TLS. */
    private static boolean isSecure(HttpRequest<?> request) {
        return request.isSecure()
                || "https".equalsIgnoreCase(request.getHeaders().get("X-Forwarded-Proto"));
    }

    /** Files of the page have no route, and are cached as the server says. */
    private static boolean isFile(HttpRequest<?> request, MutableHttpResponse<?> response) {
        return response.code() < 400 && RouteAttributes.getRouteInfo(request).isEmpty();
    }

    private static void log(HttpRequest<?> request, int status) {
        boolean quiet = QUIET.contains(request.getPath()) && status < 500;
        if (quiet ? !LOG.isDebugEnabled() : !LOG.isInfoEnabled()) {
            return;
        }
        long startedNs = request.getAttribute(STARTED_NS, Long.class).orElseGet(System::nanoTime);
        Object[] line = {
            request.getMethodName(),
            RequestTarget.forLog(request.getUri().toString()),
            status,
            (System.nanoTime() - startedNs) / 1_000_000,
            Objects.requireNonNullElse(Caller.of(request).grants().subject(), "-")
        };
        String form = "{} {} {} {} ms {}";
        if (quiet) {
            LOG.debug(form, line);
        } else {
            LOG.info(form, line);
        }
    }
}
