package io.tailrace.kit.limit;

import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.filter.ServerFilterPhase;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.micronaut.web.router.RouteAttributes;
import io.tailrace.kit.security.Caller;
import java.lang.annotation.Annotation;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Refuses writes that come too often with 429, before their body is read, and tells every writer what is left; the same for
 * reads that are {@link LimitedRead}. It stands
 * behind the security filter, which knows whose write it is.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class WriteLimitFilter implements Ordered {
    private static final String RULING = "tailrace.ruling";
    private static final String STATE = "RateLimit";
    private static final String POLICY = "RateLimit-Policy";
    private static final Set<HttpMethod> READS =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);

    private final WriteLimits limits;
    private final ClientAddress addresses;

    WriteLimitFilter(WriteLimits limits, ClientAddress addresses) {
        this.limits = limits;
        this.addresses = addresses;
    }

    @Override
    public int getOrder() {
        return ServerFilterPhase.SECURITY.after();
    }

    @RequestFilter
    CompletableFuture<HttpRequest<?>> limit(HttpRequest<?> request) {
        CompletableFuture<Ruling> ruling = take(request);
        if (ruling == null) {
            return CompletableFuture.completedFuture(request);
        }
        return ruling.isDone() || !(request instanceof NettyHttpRequest<?> netty)
                ? ruling.thenApply(made -> apply(request, made))
                // The answer comes on a thread of the connection to Redis, which must not do what follows.
                : ruling.thenApplyAsync(
                        made -> apply(request, made),
                        netty.getChannelHandlerContext().channel().eventLoop());
    }

    private @Nullable CompletableFuture<Ruling> take(HttpRequest<?> request) {
        if (is(request, LimitedRead.class)) {
            return limits.takeRead(addresses.of(request));
        }
        return READS.contains(request.getMethod()) || is(request, ReadsOnly.class)
                ? null
                : limits.take(Caller.of(request), addresses.of(request));
    }

    @ResponseFilter
    void tell(HttpRequest<?> request, MutableHttpResponse<?> response) {
        request.getAttribute(RULING, Ruling.class).ifPresent(ruling -> {
            response.getHeaders().set(POLICY, ruling.allowance().policyHeader());
            response.getHeaders().set(STATE, ruling.allowance().stateHeader(ruling.remaining()));
        });
    }

    private static boolean is(HttpRequest<?> request, Class<? extends Annotation> kind) {
        return RouteAttributes.getRouteInfo(request)
                .filter(route -> route.getAnnotationMetadata().hasAnnotation(kind))
                .isPresent();
    }

    private static HttpRequest<?> apply(HttpRequest<?> request, Ruling ruling) {
        if (!ruling.allowed()) {
            Allowance allowance = ruling.allowance();
            throw ruling.refusal(READS.contains(request.getMethod()) ? "read" : "write")
                    .with(POLICY, allowance.policyHeader())
                    .with(STATE, allowance.stateHeader(0));
        }
        request.setAttribute(RULING, ruling);
        return request;
    }
}
