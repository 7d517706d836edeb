package io.tailrace.ingest.testing;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.tailrace.backends.TestRedis;
import io.tailrace.ingest.Main;
import io.tailrace.kit.boot.ServiceBoot;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** The service as it runs alone, on a free port, with real backends. Thread-safe. */
public final class TestIngest implements AutoCloseable {
    private static final class Shared {
        static final TestIngest SERVER = start(Map.of("tailrace.metrics.open", true));
    }

    /** Where the servers of tests keep files. */
    public static final Path FILES =
            Path.of("target", "files", UUID.randomUUID().toString()).toAbsolutePath();

    private final ApplicationContext context;

    private TestIngest(ApplicationContext context) {
        this.context = context;
    }

    /** The server that most tests share; metrics are open. */
    public static TestIngest shared() {
        return Shared.SERVER;
    }

    /** A server of its own, with other settings. */
    public static TestIngest start(Map<String, Object> settings) {
        return new TestIngest(ServiceBoot.start(
                "ingest-api", List.of("ingest-api.yml"), Main.class, new String[0], settings(settings)));
    }

    /** The settings of a server with real backends, and others in their place. */
    public static Map<String, Object> settings(Map<String, Object> others) {
        Map<String, Object> all = new HashMap<>();
        all.put("tailrace.http.port", -1);
        all.put("tailrace.grpc.port", -1);
        all.put("tailrace.postgres.user", "postgres");
        all.put("tailrace.passwords.threads", 2);
        all.put("tailrace.signing-key-file", TestKeys.shared().signingFile().toString());
        all.put("tailrace.jwks.file", TestKeys.shared().publicFile().toString());
        all.put("tailrace.notify.file", resource("/notify.properties"));
        all.put("tailrace.job-types-file", resource("/job-types.properties"));
        all.put("tailrace.answers.providers-file", resource("/answer-models.properties"));
        all.put("tailrace.files.folder", FILES.toString());
        all.putAll(others);
        all.computeIfAbsent(
                "tailrace.kafka.bootstrap", k -> TestBroker.shared().settings().bootstrap());
        all.computeIfAbsent("tailrace.redis.url", k -> TestRedis.shared().url());
        all.computeIfAbsent("tailrace.postgres.url", k -> TestPostgres.shared().url());
        return all;
    }

    private static String resource(String name) {
        URL file = Objects.requireNonNull(TestIngest.class.getResource(name));
        return Path.of(URI.create(file.toString())).toString();
    }

    /** Where it listens. */
    public int port() {
        return context.getBean(EmbeddedServer.class).getPort();
    }

    /** A caller without a token. */
    public Http anonymous() {
        return new Http(port(), null);
    }

    /** A caller with a token. */
    public Http with(String token) {
        return new Http(port(), token);
    }

    /** A bean of the running service. */
    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() {
        context.close();
    }
}
