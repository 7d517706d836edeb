package io.tailrace.edge.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.tailrace.kit.problem.ProblemType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a request says about becoming a WebSocket: the client's half of the handshake of RFC 6455, section 4.2.1. */
sealed interface Upgrade {
    /** The one subprotocol that the edge knows: messages as docs/protocol.md describes them. */
    String PROTOCOL = "tailrace.v1.json";

    /** It wants plain HTTP. */
    record None() implements Upgrade {}

    /**
     * It wants a WebSocket.
     *
     * @param accept the value of {@code Sec-WebSocket-Accept}
     * @param protocol the subprotocol to answer with; null if {@link #PROTOCOL} was not offered
     */
    record Wanted(String accept, @Nullable String protocol) implements Upgrade {
        /** The edge's half of the handshake. */
        byte[] head(Map<String, String> more) {
            StringBuilder head = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n")
                    .append("connection: upgrade\r\nsec-websocket-accept: ")
                    .append(accept)
                    .append("\r\n");
            if (protocol != null) {
                head.append("sec-websocket-protocol: ").append(protocol).append("\r\n");
            }
            more.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            return head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        }
    }

    /** It wants one in a way that is none. */
    record Broken(Refusal refusal) implements Upgrade {}

    /**
     * Reads it.
     *
     * @param possible whether the connection can become one, which a stream of HTTP/2 can't
     */
    static Upgrade read(HttpRequest request, boolean possible) {
        HttpHeaders headers = request.headers();
        // RFC 9110, section 7.8: in a request of HTTP/1.0 the field must be ignored.
        if (!possible
                || !request.method().equals(HttpMethod.GET)
                || !request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                || !headers.containsValue(HttpHeaderNames.UPGRADE, "websocket", true)) {
            return new None();
        }
        if (!headers.containsValue(HttpHeaderNames.CONNECTION, "upgrade", true)) {
            return broken("Connection: expected upgrade, beside Upgrade: websocket; a proxy may have removed it");
        }
        if (HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) != 0) {
            return broken("a body, expected none before a WebSocket");
        }
        List<String> versions = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_VERSION);
        if (versions.size() != 1 || !versions.getFirst().strip().equals("13")) {
            return new Broken(
                    Refusal.of(ProblemType.UPGRADE_REQUIRED, "Sec-WebSocket-Version: " + versions + ", expected 13")
                            .with(Map.of("Sec-WebSocket-Version", "13", "Upgrade", "websocket")));
        }
        List<String> keys = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        if (keys.size() != 1 || !isKey(keys.getFirst().strip())) {
            return broken("Sec-WebSocket-Key: " + keys + ", expected one of 16 bytes in base64");
        }
        return new Wanted(accept(keys.getFirst().strip()), protocol(headers));
    }

    private static Broken broken(String detail) {
        return new Broken(Refusal.of(ProblemType.BAD_REQUEST, detail));
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == 16;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String accept(String key) {
        try {
            byte[] text = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    private static @Nullable String protocol(HttpHeaders headers) {
        List<String> offered = new ArrayList<>();
        for (String line : headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)) {
            for (String name : line.split(",", -1)) {
                offered.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        return offered.contains(PROTOCOL) ? PROTOCOL : null;
    }
}
