package io.tailrace.edge.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The HTTP responses to requests for streams, valid or not. Immutable. */
final class HttpResponses {
    private final AllowedPages pages;

    HttpResponses(AllowedPages pages) {
        this.pages = pages;
    }

    /** Headers of a stream's answer, beside those of {@link StreamHead}. */
    Map<String, String> streamHeaders(HttpRequest request) {
        return pages.headers(request.headers());
    }

    /** What a HEAD gets where a GET would get a stream. */
    FullHttpResponse head(HttpRequest request) {
        FullHttpResponse response = response(HttpResponseStatus.OK, Unpooled.EMPTY_BUFFER, request);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream;charset=utf-8")
                .set(HttpHeaderNames.CACHE_CONTROL, "no-cache, no-transform");
        return response;
    }

    /** The answer to OPTIONS, a preflight or not. */
    FullHttpResponse options(HttpRequest request) {
        FullHttpResponse response = response(HttpResponseStatus.NO_CONTENT, Unpooled.EMPTY_BUFFER, request);
        response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD, OPTIONS");
        if (response.headers().contains(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN)) {
            AllowedPages.preflight().forEach((name, value) -> response.headers().set(name, value));
        }
        return response;
    }

    /**
     * A problem.
     *
     * @param request null if it never arrived
     */
    FullHttpResponse problem(@Nullable HttpRequest request, Refusal refusal) {
        byte[] body = Json.write(refusal.problem());
        boolean bodyless = request != null && request.method().equals(HttpMethod.HEAD);
        FullHttpResponse response = response(
                HttpResponseStatus.valueOf(refusal.problem().status()),
                bodyless ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body),
                request);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        refusal.headers().forEach((name, value) -> response.headers().set(name, value));
        return response;
    }

    /**
     * A refusal that passes by itself, for an EventSource, which would give up for ever on its status: a stream that ends with
     * its first event. It has no id, so the client's cursor stays where it is.
     *
     * @param refusal one with a {@link Refusal#pause}
     */
    FullHttpResponse closing(HttpRequest request, Refusal refusal) {
        Refusal.Pause pause = Objects.requireNonNull(refusal.pause());
        // Within the last second of what Retry-After says, so that a crowd comes back by milliseconds and not by
        // seconds.
        long retryMs = pause.seconds() * 1_000 - ThreadLocalRandom.current().nextLong(1_000);
        String event = RequestReader.path(request.uri()).equals(RequestReader.WATCH)
                ? "data: disconnected\n\n"
                : "event: stream.closing\ndata: {\"reason\":\"" + pause.reason() + "\",\"reconnect\":true,\"status\":"
                        + refusal.problem().status() + "}\n\n";
        byte[] body = ("retry: " + retryMs + "\n" + event).getBytes(StandardCharsets.US_ASCII);
        FullHttpResponse response = response(HttpResponseStatus.OK, Unpooled.wrappedBuffer(body), request);
        StreamHead.FIELDS.forEach((name, value) -> response.headers().set(name, value));
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        return response;
    }

    private FullHttpResponse response(HttpResponseStatus status, ByteBuf body, @Nullable HttpRequest request) {
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
        Map<String, String> more = request == null ? Map.of() : pages.headers(request.headers());
        more.forEach((name, value) -> response.headers().set(name, value));
        return response;
    }
}
