package io.tailrace.workers.answer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A stand-in for a provider that is compatible with OpenAI, whose faults a real model does not have. It is strict: what OpenAI documents as an
 * error is one here, and so is what no request of Tailrace has. It is no model: it says what a test has told it.
 */
final class ProviderStandIn implements AutoCloseable {
    static final String KEY = "stand-in-key-0123456789";

    private static final long PING_MS = 20;

    /** Far beyond what anything takes. */
    private static final long HELD_S = 120;

    private static final Set<String> FIELDS = Set.of(
            "model", "messages", "max_tokens", "max_completion_tokens", "temperature", "stream", "stream_options");

    /** What was asked. */
    final List<JsonNode> asked = new CopyOnWriteArrayList<>();

    /** How many requests their clients have left before they were answered. */
    final AtomicInteger left = new AtomicInteger();

    private final Queue<Script> scripts = new ConcurrentLinkedQueue<>();
    private final HttpServer server;
    private volatile boolean isClosed;

    /** How a request is answered. */
    interface Script {
        void answer(HttpExchange exchange) throws IOException, InterruptedException;
    }

    ProviderStandIn() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    /** Answers the next request so that is as it should be; without a script a request is answered 500. */
    void next(Script script) {
        scripts.add(script);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String fault = fault(exchange);
        if (fault != null) {
            boolean isKey = fault.equals("key");
            error(exchange, isKey ? 401 : 400, isKey ? "Incorrect API key provided" : fault);
            return;
        }
        Script script = scripts.poll();
        if (script == null) {
            error(exchange, 500, "no script (stand-in)");
            return;
        }
        try {
            script.answer(exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable String fault(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (!exchange.getRequestURI().toString().equals("/v1/chat/completions")
                || !exchange.getRequestMethod().equals("POST")) {
            return "expected POST /v1/chat/completions (stand-in)";
        }
        if (!("Bearer " + KEY).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return "key";
        }
        if (!"application/json".equals(exchange.getRequestHeaders().getFirst("Content-Type"))
                || !"text/event-stream".equals(exchange.getRequestHeaders().getFirst("Accept"))
                || !"identity".equals(exchange.getRequestHeaders().getFirst("Accept-Encoding"))) {
            return "expected JSON, and that a stream is accepted which is not compressed (stand-in)";
        }
        JsonNode json = Json.mapper().readTree(body);
        for (var names = json.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!FIELDS.contains(name)) {
                return "Unrecognized request argument supplied: " + name;
            }
        }
        if (!json.path("model").asText().startsWith("stand-in")) {
            return "The model does not exist";
        }
        if (json.path("messages").isEmpty()) {
            return "[] is too short - 'messages'";
        }
        for (JsonNode message : json.path("messages")) {
            if (message.size() != 2
                    || !Set.of("system", "user", "assistant")
                            .contains(message.path("role").asText())
                    || !message.path("content").isTextual()) {
                return "Invalid value in 'messages'";
            }
        }
        if (!json.path("stream").asBoolean()
                || !json.at("/stream_options/include_usage").asBoolean()) {
            return "expected a stream with the usage (stand-in)";
        }
        String limit = json.path("model").asText().startsWith("stand-in-o") ? "max_completion_tokens" : "max_tokens";
        if (json.path(limit).asInt() < 1 || json.has("max_tokens") && json.has("max_completion_tokens")) {
            return "Unsupported parameter, use '" + limit + "'";
        }
        asked.add(json);
        return null;
    }

    private static void error(HttpExchange exchange, int status, String message, String... headers) throws IOException {
        byte[] body = Json.write(Map.of("error", Map.of("message", message, "type", "stand_in")));
        for (int i = 0; i < headers.length; i += 2) {
            exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
        }
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** An error of the API. */
    static Script status(int status, String... headers) {
        return exchange -> error(exchange, status, "The server is " + status + ", key " + KEY, headers);
    }

    /** A success that is no stream, which servers that do not know streams answer. */
    static Script plain(String contentType, String body) {
        return exchange -> {
            byte[] bytes = body.getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", contentType);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        };
    }

    /** A whole body, in chunks of so many bytes. */
    static Script body(String body, int chunk) {
        return exchange -> {
            OutputStream out = begun(exchange, 0);
            byte[] bytes = body.getBytes(UTF_8);
            for (int from = 0; from < bytes.length; from += chunk) {
                out.write(bytes, from, Math.min(chunk, bytes.length - from));
                out.flush();
            }
            exchange.close();
        };
    }

    /** A connection that is cut behind a part of a body. */
    static Script cut(String body) {
        return exchange -> {
            byte[] bytes = body.getBytes(UTF_8);
            OutputStream out = begun(exchange, bytes.length + 1_000_000L);
            out.write(bytes);
            out.flush();
            throw new IOException("cut, as the test wants it");
        };
    }

    /** A part of a body, and then nothing but comments until the client goes. */
    Script hanging(String body) {
        return exchange -> {
            OutputStream out = begun(exchange, 0);
            try {
                out.write(body.getBytes(UTF_8));
                out.flush();
                while (!isClosed) {
                    TimeUnit.MILLISECONDS.sleep(PING_MS);
                    out.write(": ping\n\n".getBytes(UTF_8));
                    out.flush();
                }
            } catch (IOException e) {
                left.incrementAndGet();
                throw e;
            }
        };
    }

    /** A part of a body, and the rest of it when a test wants it. */
    static Script held(String body, CountDownLatch wanted, String rest) {
        return exchange -> {
            OutputStream out = begun(exchange, 0);
            out.write(body.getBytes(UTF_8));
            out.flush();
            if (!wanted.await(HELD_S, TimeUnit.SECONDS)) {
                throw new IOException("the rest was not wanted");
            }
            out.write(rest.getBytes(UTF_8));
            exchange.close();
        };
    }

    private static OutputStream begun(HttpExchange exchange, long length) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, length);
        return exchange.getResponseBody();
    }

    /** A chunk with text. */
    static String text(String text) {
        return chunk(Map.of("content", text), null);
    }

    /** A chunk with what changes. */
    static String chunk(Map<String, ?> delta, @Nullable String finishReason) {
        Map<String, Object> choice = new LinkedHashMap<>();
        choice.put("index", 0);
        choice.put("delta", delta);
        choice.put("finish_reason", finishReason);
        return data(
                new String(Json.write(Map.of("object", "chat.completion.chunk", "choices", List.of(choice))), UTF_8));
    }

    /** The chunk that ends an answer. */
    static String finish(String reason) {
        return chunk(Map.of(), reason);
    }

    /** The chunk with the usage. */
    static String usage(int prompt, int completion) {
        return data("{\"choices\":[],\"usage\":{\"prompt_tokens\":" + prompt + ",\"completion_tokens\":" + completion
                + ",\"total_tokens\":" + (prompt + completion) + "}}");
    }

    /** The end. */
    static String done() {
        return data("[DONE]");
    }

    /** An event. */
    static String data(String data) {
        return "data: " + data + "\n\n";
    }

    @Override
    public void close() {
        isClosed = true;
        server.stop(0);
    }
}
