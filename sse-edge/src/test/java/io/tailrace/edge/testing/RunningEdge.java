package io.tailrace.edge.testing;

import io.micronaut.context.ApplicationContext;
import io.micronaut.http.server.netty.NettyEmbeddedServer;
import io.micronaut.runtime.server.EmbeddedServer;
import io.tailrace.edge.Main;
import io.tailrace.kit.boot.ServiceBoot;
import io.tailrace.kit.grpc.GrpcServer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An edge as it runs in production, in this JVM, at a free port, on the shared broker unless another is named. */
public final class RunningEdge implements AutoCloseable {
    static {
        Leaks.watch();
    }

    private final ApplicationContext context;
    private final int port;

    private RunningEdge(ApplicationContext context) {
        this.context = context;
        this.port = context.getBean(EmbeddedServer.class).getPort();
    }

    /** Starts with defaults. */
    public static RunningEdge start() {
        return start(Map.of());
    }

    /** Starts with settings. */
    public static RunningEdge start(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>();
        if (!settings.containsKey("tailrace.kafka.bootstrap")) {
            all.put("tailrace.kafka.bootstrap", TestBroker.shared().bootstrap());
        }
        all.put("tailrace.http.port", -1);
        all.put("tailrace.grpc.port", -1);
        all.put("tailrace.grpc.enabled", false);
        all.put("tailrace.jwks.file", TestTokens.keys().toString());
        all.put("tailrace.edge.stream.heartbeat", "2s");
        all.put("tailrace.edge.stream.position", "500ms");
        all.put("tailrace.edge.drain-time", "200ms");
        all.putAll(settings);
        return new RunningEdge(ServiceBoot.start("sse-edge", List.of("sse-edge.yml"), Main.class, new String[0], all));
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** Where it listens with TLS, if it does. */
    public int tlsPort() {
        return ((NettyEmbeddedServer) context.getBean(EmbeddedServer.class))
                .getBoundPorts().stream()
                        .filter(bound -> bound != port)
                        .findFirst()
                        .orElseThrow();
    }

    /** Where it listens for gRPC, if it does. */
    public int grpcPort() {
        return context.getBean(GrpcServer.class).port();
    }

    /** A part of it. */
    public <T> T part(Class<T> type) {
        return context.getBean(type);
    }

    /** Stops it as SIGTERM would. */
    @Override
    public void close() {
        context.close();
    }
}
