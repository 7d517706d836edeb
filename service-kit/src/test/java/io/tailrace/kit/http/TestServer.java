package io.tailrace.kit.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.tailrace.kit.boot.ServiceBoot;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.security.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A real server with the probe's endpoints, and a client for it. */
final class TestServer implements AutoCloseable {
    static final ECKey EC = Tokens.ecKey("ec-1");
    static final RSAKey RSA = Tokens.rsaKey("rsa-1");

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final ApplicationContext context;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Path keys;

    TestServer(Map<String, Object> settings) {
        try {
            keys = Files.createTempFile("public", ".jwks.json");
            Files.writeString(keys, Tokens.jwks(EC.toPublicJWK(), RSA.toPublicJWK()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, Object> all = new HashMap<>(settings);
        all.putIfAbsent("tailrace.http.port", -1);
        all.putIfAbsent("tailrace.jwks.file", keys.toString());
        // There are no brokers.
        all.putIfAbsent("kafka.health.enabled", false);
        context = ServiceBoot.start("kit-test", List.of(), TestServer.class, new String[0], all);
    }

    ApplicationContext context() {
        return context;
    }

    int port() {
        return context.getBean(EmbeddedServer.class).getPort();
    }

    Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", port());
        socket.setSoTimeout(60_000);
        return socket;
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(TIMEOUT);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return send(request, HttpResponse.BodyHandlers.ofString());
    }

    <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body)
            throws IOException, InterruptedException {
        return client.send(request.build(), body);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return post(path, json.getBytes(StandardCharsets.UTF_8));
    }

    HttpResponse<String> post(String path, byte[] json) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json)));
    }

    static JsonNode body(HttpResponse<String> response) throws IOException {
        return Json.mapper().readTree(response.body());
    }

    static String token() {
        return Tokens.sign(EC, Tokens.claims(Instant.now()).build());
    }

    @Override
    public void close() {
        context.close();
        client.close();
        try {
            Files.deleteIfExists(keys);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
