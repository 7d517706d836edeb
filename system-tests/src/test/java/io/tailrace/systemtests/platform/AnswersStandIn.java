package io.tailrace.systemtests.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stand-in for a provider that is compatible with OpenAI. It is no model: a question with {@code hold-NAME} is answered word by word until a test
 * lets it end, one with {@code refuse} is refused, and every other one gets the same sentence. It refuses what Tailrace never sends. Thread-safe.
 */
public final class AnswersStandIn implements AutoCloseable {
    /** The name of its model. */
    public static final String MODEL = "stand-in";

    /** What it says if it is asked nothing in particular; it cites the first passage, if it is given any. */
    public static final String SENTENCE = "Zwölf Möwen sitzen [1] auf dem Dach.";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern HOLD = Pattern.compile("hold-\\w+");
    private static final long WORD_MS = 40;

    /** Far more than a test waits; an answer ends by itself then. */
    private static final int MOST_WORDS = 4_000;

    private final HttpServer server;
    private final Map<String, Held> held = new ConcurrentHashMap<>();

    /** An answer that is held. */
    private static final class Held {
        private final CountDownLatch ends = new CountDownLatch(1);
        private final StringBuffer said = new StringBuffer();
    }

    /** Listens on a free port of the loopback interface. */
    public AnswersStandIn() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/models", exchange -> json(exchange, 200, Map.of("data", List.of())));
        server.createContext("/v1/chat/completions", this::complete);
        server.start();
    }

    /** The file that declares it. */
    public String providers() {
        return "provider.stand-in.protocol=openai\nprovider.stand-in.url=http://127.0.0.1:"
                + server.getAddress().getPort() + "/v1\nmodel." + MODEL + ".provider=stand-in\n";
    }

    /** Lets the answer end that is asked for with this name, {@code hold-NAME}. */
    public void release(String name) {
        heldOf(name).ends.countDown();
    }

    /** What it has said to the question with this name so far. */
    public String said(String name) {
        return heldOf(name).said.toString();
    }

    private Held heldOf(String name) {
        return held.computeIfAbsent(name, each -> new Held());
    }

    private void complete(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode body = JSON.readTree(exchange.getRequestBody());
            JsonNode question = body.path("messages").path(body.path("messages").size() - 1);
            if (!body.path("stream").asBoolean()
                    || !body.path("model").asText().equals(MODEL)
                    || question.isMissingNode()) {
                json(exchange, 400, Map.of("error", Map.of("message", "what Tailrace never asks (stand-in)")));
                return;
            }
            String text = question.path("content").asText();
            if (text.contains("refuse")) {
                json(exchange, 400, Map.of("error", Map.of("message", "This is refused (stand-in)")));
                return;
            }
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            Matcher hold = HOLD.matcher(text);
            OutputStream out = exchange.getResponseBody();
            if (hold.find()) {
                sayUntilReleased(out, heldOf(hold.group()));
            } else {
                for (String word : SENTENCE.splitWithDelimiters(" ", 0)) {
                    say(out, word);
                }
            }
            event(out, "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}");
            event(out, "{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":7,\"total_tokens\":10}}");
            event(out, "[DONE]");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A word in each pause, as a model would; the client can go at any time. */
    private static void sayUntilReleased(OutputStream out, Held held) throws IOException, InterruptedException {
        for (int word = 1; word <= MOST_WORDS; word++) {
            String text = "wörd" + word + " ";
            held.said.append(text);
            say(out, text);
            if (held.ends.await(WORD_MS, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }

    private static void say(OutputStream out, String text) throws IOException {
        event(out, "{\"choices\":[{\"index\":0,\"delta\":{\"content\":" + JSON.writeValueAsString(text) + "}}]}");
    }

    private static void event(OutputStream out, String data) throws IOException {
        out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static void json(HttpExchange exchange, int status, Object body) throws IOException {
        try (exchange) {
            byte[] bytes = JSON.writeValueAsBytes(body);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        held.values().forEach(each -> each.ends.countDown());
        server.stop(0);
    }
}
