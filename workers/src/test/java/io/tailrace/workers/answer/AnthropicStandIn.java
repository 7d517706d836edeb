package io.tailrace.workers.answer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A stand-in for Anthropic's messages, which cannot be had without the internet and a key. It refuses what is not as documented, and says one thing. */
final class AnthropicStandIn implements AutoCloseable {
    static final String KEY = "stand-in-key-9876543210";

    private static final String ANSWER =
            """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_1","role":"assistant","usage":{"input_tokens":11,"output_tokens":1}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            event: ping
            data: {"type": "ping"}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Fine, "}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\u4e16\u754c."}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":6}}

            event: message_stop
            data: {"type":"message_stop"}

            """;

    private final HttpServer server;

    AnthropicStandIn() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.createContext("/", AnthropicStandIn::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String fault = fault(exchange);
        byte[] body = fault == null
                ? ANSWER.getBytes(UTF_8)
                : Json.write(
                        Map.of("type", "error", "error", Map.of("type", "invalid_request_error", "message", fault)));
        exchange.getResponseHeaders().set("Content-Type", fault == null ? "text/event-stream" : "application/json");
        exchange.sendResponseHeaders(fault == null ? 200 : 400, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static @Nullable String fault(HttpExchange exchange) throws IOException {
        JsonNode body = Json.mapper().readTree(exchange.getRequestBody().readAllBytes());
        if (!exchange.getRequestURI().toString().equals("/v1/messages")
                || !exchange.getRequestMethod().equals("POST")) {
            return "expected POST /v1/messages (stand-in)";
        }
        if (!KEY.equals(exchange.getRequestHeaders().getFirst("x-api-key"))
                || !"2023-06-01".equals(exchange.getRequestHeaders().getFirst("anthropic-version"))) {
            return "x-api-key and anthropic-version are required";
        }
        for (var names = body.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!Set.of("model", "system", "messages", "max_tokens", "temperature", "stream")
                    .contains(name)) {
                return name + ": Extra inputs are not permitted";
            }
        }
        if (!body.path("stream").asBoolean() || body.path("max_tokens").asInt() < 1) {
            return "max_tokens: Field required";
        }
        for (JsonNode message : body.path("messages")) {
            if (!Set.of("user", "assistant").contains(message.path("role").asText())) {
                return "messages: Unexpected role";
            }
        }
        return body.path("messages").isEmpty() ? "messages: at least one message is required" : null;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
