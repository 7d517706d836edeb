package io.tailrace.edge.http;

import io.netty.handler.codec.DateFormatter;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.Map;

/**
 * The head of a stream's answer, as bytes: by the time it is sent the HTTP codec is gone.
 *
 * <p>The body ends when the connection does ({@code Connection: close}, RFC 9112, section 6.3) and is not chunked: a
 * chunk would cost bytes and a header per write, a stream has no end whose arrival matters, and HTTP/1.0 clients and
 * proxies understand it too. {@code no-transform} and {@code X-Accel-Buffering} keep proxies from compressing and from
 * collecting.
 */
final class StreamHead {
    private static final String HEAD = "HTTP/1.1 200 OK\r\n"
            + "content-type: text/event-stream;charset=utf-8\r\n"
            + "cache-control: no-cache, no-transform\r\n"
            + "x-accel-buffering: no\r\n"
            + "x-content-type-options: nosniff\r\n"
            + "connection: close\r\n"
            + "date: ";

    private StreamHead() {}

    /**
     * The whole head, with its empty line.
     *
     * @param headers more headers; names and values without control characters
     */
    static byte[] bytes(Map<String, String> headers) {
        StringBuilder head = new StringBuilder(HEAD);
        DateFormatter.append(new Date(), head).append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }
}
