package io.tailrace.workers.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;

/**
 * A stand-in for Telegram's Bot API, which cannot be had without the internet. It knows {@code sendMessage} alone and is strict about it:
 * what Telegram documents as an error is one here, with Telegram's statuses and texts. It is not Telegram: marks of a parse mode are
 * not parsed, but for a {@code <} that is not closed.
 */
final class TelegramStandIn implements AutoCloseable {
    static final String TOKEN = "4242:stand-in_for-tests_only0";
    static final long CHAT = -100123L;

    final List<JsonNode> messages = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable MockResponse> next = new AtomicReference<>();
    private final MockWebServer server = new MockWebServer();

    TelegramStandIn() throws IOException {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                MockResponse special = next.getAndSet(null);
                return special == null ? answer(request) : special;
            }
        });
        server.start(InetAddress.ofLiteral("127.0.0.1"), 0);
    }

    String url() {
        return "http://127.0.0.1:" + server.getPort();
    }

    /** Answers the next request so, whatever it is. */
    void answersNext(MockResponse response) {
        next.set(response);
    }

    static MockResponse error(int status, String description, Map<String, ?> parameters) {
        return new MockResponse.Builder()
                .code(status)
                .addHeader("Content-Type", "application/json")
                .body(new String(
                        Json.write(Map.of(
                                "ok", false,
                                "error_code", status,
                                "description", description,
                                "parameters", parameters)),
                        java.nio.charset.StandardCharsets.UTF_8))
                .build();
    }

    private MockResponse answer(RecordedRequest request) {
        if (!request.getUrl().encodedPath().equals("/bot" + TOKEN + "/sendMessage")) {
            boolean isBot = request.getUrl().encodedPath().startsWith("/bot" + TOKEN + "/");
            return isBot ? error(404, "Not Found", Map.of()) : error(401, "Unauthorized", Map.of());
        }
        if (!request.getMethod().equals("POST")
                || !"application/json".equals(request.getHeaders().get("Content-Type"))) {
            return error(400, "Bad Request: expected POST with JSON (stand-in)", Map.of());
        }
        JsonNode body;
        try {
            body = Json.mapper().readTree(request.getBody().toByteArray());
        } catch (IOException e) {
            return error(400, "Bad Request: can't parse JSON object", Map.of());
        }
        String fault = fault(body);
        if (fault != null) {
            return error(400, "Bad Request: " + fault, Map.of());
        }
        messages.add(body);
        return new MockResponse.Builder()
                .addHeader("Content-Type", "application/json")
                .body("{\"ok\":true,\"result\":{\"message_id\":" + messages.size() + "}}")
                .build();
    }

    private static @Nullable String fault(JsonNode body) {
        for (var names = body.fieldNames(); names.hasNext(); ) {
            if (!Set.of("chat_id", "text", "parse_mode").contains(names.next())) {
                return "a field that no test sends (stand-in)";
            }
        }
        JsonNode chat = body.path("chat_id");
        if (!(chat.isIntegralNumber() && chat.asLong() == CHAT || chat.asText().matches("@[a-z]{4,}"))) {
            return "chat not found";
        }
        String text = body.path("text").asText();
        if (text.isBlank()) {
            return "message text is empty";
        }
        if (text.codePointCount(0, text.length()) > 4096) {
            return "message is too long";
        }
        boolean isHtml = body.path("parse_mode").asText().equals("HTML");
        return isHtml && text.lastIndexOf('<') > text.lastIndexOf('>')
                ? "can't parse entities: Unclosed start tag at byte offset " + text.lastIndexOf('<')
                : null;
    }

    @Override
    public void close() {
        server.close();
    }
}
