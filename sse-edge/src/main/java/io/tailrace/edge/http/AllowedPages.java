package io.tailrace.edge.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.tailrace.kit.http.PageOrigin;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which pages of other origins may read streams (Fetch standard, section 3.2; for WebSocket, the same ones). Pages of the same origin need nothing.
 * Immutable.
 */
final class AllowedPages {
    private static final String ANY = "*";

    private final boolean any;
    private final Set<String> origins;

    AllowedPages(List<String> allowedOrigins) {
        this.any = allowedOrigins.contains(ANY);
        this.origins = Set.copyOf(allowedOrigins);
    }

    /** What an answer to this request carries; empty for the same origin and for origins that are not allowed. */
    Map<String, String> headers(HttpHeaders request) {
        String origin = request.get(HttpHeaderNames.ORIGIN);
        if (!isAllowed(origin)) {
            return origins.isEmpty() ? Map.of() : Map.of("vary", "Origin");
        }
        return any
                ? Map.of("access-control-allow-origin", ANY)
                : Map.of(
                        "access-control-allow-origin",
                        String.valueOf(origin),
                        "access-control-allow-credentials",
                        "true",
                        "vary",
                        "Origin");
    }

    /** What a page may do that asks for a WebSocket, which the browser itself would let it open from anywhere. */
    enum PageAccess {
        /** It is of this origin or an allowed one; or there is no page, but a program. */
        FULL,
        /** It is allowed, as any page is, but must not use what the browser remembers of the person. */
        WITHOUT_COOKIE,
        /** It is not allowed. */
        NONE
    }

    /**
     * Who asks for a WebSocket (RFC 6455, section 10.2).
     *
     * @param page null if there is no page, but a program
     */
    PageAccess webSocket(@Nullable PageOrigin page) {
        if (page == null || origins.contains(page.origin()) || page.isOwn(PageOrigin.Compared.HOST_AND_PORT)) {
            return PageAccess.FULL;
        }
        return any ? PageAccess.WITHOUT_COOKIE : PageAccess.NONE;
    }

    /** What an answer to a preflight carries beside {@link #headers}. */
    static Map<String, String> preflight() {
        return Map.of(
                "access-control-allow-methods", "GET, HEAD",
                "access-control-allow-headers", "authorization, last-event-id, cache-control",
                "access-control-max-age", "600");
    }

    private boolean isAllowed(@Nullable String origin) {
        return origin != null && (any || origins.contains(origin));
    }
}
