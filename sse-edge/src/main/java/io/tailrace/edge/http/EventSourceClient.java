package io.tailrace.edge.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Recognises an {@code EventSource}, which gives up for ever on any status but 200 (WHATWG HTML, section 9.2.3) and so needs to
 * be told by an event when to come again (docs/decisions/0029). Stateless.
 */
final class EventSourceClient {
    /** The parameter by which a client says how it wants to be told of a refusal that passes. */
    static final String REFUSAL = "refusal";

    /** The header by which a proxy says that it decides that itself; any value. */
    static final String PROXY_DECIDES = "tailrace-refusal-status";

    /** What {@link #REFUSAL} may be. */
    static final String AS_EVENT = "event";

    static final String AS_STATUS = "status";

    private EventSourceClient() {}

    /** Whether a refusal that passes by itself is told to the client of this request by an event. */
    static boolean wantsEvents(String uri, HttpHeaders headers) {
        if (headers.contains(PROXY_DECIDES)) {
            return false;
        }
        String wish = wish(uri);
        return wish == null ? isEventSource(headers) : wish.equals(AS_EVENT);
    }

    /**
     * Whether the client is an EventSource. All of them accept nothing but {@code text/event-stream} and fetch with the cache
     * mode {@code no-store}, for which browsers send {@code Cache-Control: no-cache} (Fetch standard, HTTP-network-or-cache
     * fetch). A fetch by a script has another cache mode unless it names this one. Programs that send both headers, too, send
     * neither {@code Sec-Fetch-Mode} nor the page that they are on.
     */
    static boolean isEventSource(HttpHeaders headers) {
        String accept = headers.get(HttpHeaderNames.ACCEPT);
        return accept != null
                && accept.strip().equalsIgnoreCase("text/event-stream")
                && headers.containsValue(HttpHeaderNames.CACHE_CONTROL, "no-cache", true)
                && isOfPage(headers);
    }

    /**
     * Whether a page in a browser asks. {@code Sec-Fetch-Mode} comes to trustworthy origins (Fetch Metadata, section 2.3); to
     * others a browser names at least the page, unless its policy forbids it.
     */
    static boolean isOfPage(HttpHeaders headers) {
        return headers.contains("sec-fetch-mode")
                || headers.contains(HttpHeaderNames.ORIGIN)
                || headers.contains(HttpHeaderNames.REFERER);
    }

    private static @Nullable String wish(String uri) {
        try {
            List<String> values = new QueryStringDecoder(
                            uri, StandardCharsets.UTF_8, true, RequestReader.MAX_PARAMETERS)
                    .parameters()
                    .get(REFUSAL);
            return values == null || values.getFirst().isEmpty() ? null : values.getFirst();
        } catch (IllegalArgumentException e) {
            // Such a query is refused for good, if the request comes to be read.
            return null;
        }
    }
}
