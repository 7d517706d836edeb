package io.tailrace.edge.http;

import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.Map;

/**
 * The head of a stream's answer. {@code no-transform} and {@code X-Accel-Buffering} keep proxies from compressing and from
 * collecting.
 */
final class StreamHead {
    /** Names in lower case. */
    static final Map<String, String> FIELDS = Map.of(
            "content-type", "text/event-stream;charset=utf-8",
            "cache-control", "no-cache, no-transform",
            "x-accel-buffering", "no",
            "x-content-type-options", "nosniff");

    private StreamHead() {}

    /**
     * For HTTP/1.1, with the status line and the empty line: as bytes, because by the time it is sent the codec is gone.
     *
     * <p>The body ends when the connection does ({@code Connection: close}, RFC 9112, section 6.3) and is not chunked: a
     * chunk would cost bytes and a header per write, a stream has no end whose arrival matters, and HTTP/1.0 clients and
     * proxies understand it too.
     *
     * @param headers more headers; names and values without control characters
     */
    static byte[] bytes(Map<String, String> headers) {
        StringBuilder head = new StringBuilder("HTTP/1.1 200 OK\r\nconnection: close\r\ndate: ");
        DateFormatter.append(new Date(), head).append("\r\n");
        FIELDS.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * For HTTP/2.
     *
     * @param headers more headers; names in lower case
     */
    static Http2Headers fields(Map<String, String> headers) {
        Http2Headers head = new DefaultHttp2Headers().status("200").set("date", DateFormatter.format(new Date()));
        FIELDS.forEach(head::set);
        headers.forEach(head::set);
        return head;
    }
}
