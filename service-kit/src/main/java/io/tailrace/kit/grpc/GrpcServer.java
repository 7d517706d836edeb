package io.tailrace.kit.grpc;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerServiceDefinition;
import io.grpc.TlsServerCredentials;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.binder.grpc.MetricCollectingServerInterceptor;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.graceful.GracefulShutdownCapable;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import io.tailrace.kit.boot.InvalidSettings;
import io.tailrace.kit.http.HttpSettings;
import io.tailrace.kit.limit.ClientAddress;
import io.tailrace.kit.limit.ConnectionLimit;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gRPC server of this process, beside its HTTP server: the services of all {@link GrpcMethods}, the standard health service and
 * reflection. What it calls runs on its event loops, of which there are as many as grpc-java makes; whoever has to wait hands over to a
 * thread of their own. Thread-safe.
 */
@Singleton
@Requires(property = "tailrace.grpc.enabled", value = "true")
public final class GrpcServer implements ApplicationEventListener<ServerStartupEvent>, GracefulShutdownCapable {
    private static final Logger LOG = LoggerFactory.getLogger(GrpcServer.class);

    /** HTTP/2 "rapid reset": a client that cancels more streams than this in the time below is disconnected. */
    private static final int MAX_RESETS = 2_000;

    private static final int RESETS_SECONDS = 30;
    private static final int CERTIFICATE_CHECK_SECONDS = 60;

    private final GrpcSettings settings;
    private final GrpcSettings.Tls tls;
    private final Collection<GrpcMethods> parts;
    private final @Nullable MeterRegistry meters;
    private final String host;
    private final Duration grace;
    private final Duration preface;
    private final ConnectionGate gate;
    private final InstallationHeader installation;
    private final HealthStatusManager health = new HealthStatusManager();
    private volatile @Nullable Server server;
    private volatile @Nullable ScheduledExecutorService certificates;

    GrpcServer(
            GrpcSettings settings,
            GrpcSettings.Tls tls,
            Collection<GrpcMethods> parts,
            @Nullable MeterRegistry meters,
            HttpSettings http,
            ClientAddress addresses,
            InstallationHeader installation,
            @Value("${tailrace.http.host}") String httpHost,
            @Value("${tailrace.http.shutdown-grace}") Duration grace) {
        this.settings = settings;
        this.tls = tls;
        this.parts = parts;
        this.meters = meters;
        this.host = settings.host() == null || settings.host().isBlank() ? httpHost : settings.host();
        this.grace = grace;
        this.preface = http.headTimeout();
        this.installation = installation;
        this.gate = new ConnectionGate(
                new ConnectionLimit(http.maxConnections(), http.maxConnectionsPerAddress()),
                addresses::countedPeer,
                meters == null ? Metrics.globalRegistry : meters);
    }

    /** Where it listens; -1 before it does. */
    public int port() {
        Server running = server;
        return running == null ? -1 : running.getPort();
    }

    /** Starts with the HTTP server, once everything that it serves is there. */
    @Override
    public void onApplicationEvent(ServerStartupEvent started) {
        Server made;
        try {
            made = start(Math.max(0, settings.port()));
        } catch (IOException e) {
            if (!settings.orAnyPort()) {
                throw InvalidSettings.of("gRPC can't be served at " + host + ":" + settings.port()
                        + "; set TAILRACE_GRPC_PORT to a free port (" + e.getMessage() + ")");
            }
            LOG.info("port {} for gRPC is in use, choosing a free port", settings.port());
            made = startAnywhere();
        }
        server = made;
        LOG.info("gRPC {} at {}:{}", tls.enabled() ? "over TLS" : "in clear text", host, made.getPort());
    }

    @Override
    public CompletionStage<?> shutdownGracefully() {
        Server running = server;
        if (running == null) {
            return CompletableFuture.completedFuture(null);
        }
        health.enterTerminalState();
        running.shutdown();
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofVirtual().name("grpc-shutdown").start(() -> {
            try {
                if (!running.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOG.debug("calls are open after {}", grace);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            done.complete(null);
        });
        return done;
    }

    @PreDestroy
    void stop() {
        Server running = server;
        if (running != null) {
            running.shutdownNow();
        }
        ScheduledExecutorService watching = certificates;
        if (watching != null) {
            watching.shutdownNow();
        }
    }

    private Server startAnywhere() {
        try {
            return start(0);
        } catch (IOException e) {
            throw new UncheckedIOException("gRPC at " + host + ": " + e.getMessage(), e);
        }
    }

    private Server start(int port) throws IOException {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(host, port), gate.guard(credentials()))
                .directExecutor()
                .handshakeTimeout(preface.toMillis(), TimeUnit.MILLISECONDS)
                .maxInboundMessageSize(settings.maxMessageBytes())
                .maxInboundMetadataSize(settings.maxMetadataBytes())
                .maxConcurrentCallsPerConnection(settings.maxCallsPerConnection())
                .maxRstFramesPerWindow(MAX_RESETS, RESETS_SECONDS)
                .keepAliveTime(settings.keepAliveTime().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(settings.keepAliveTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(settings.permitKeepAliveTime().toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true)
                .maxConnectionIdle(settings.maxConnectionIdle().toMillis(), TimeUnit.MILLISECONDS)
                .addService(health.getHealthService())
                .addService(ProtoReflectionServiceV1.newInstance());
        builder.intercept(installation);
        if (meters != null) {
            builder.intercept(new MetricCollectingServerInterceptor(meters));
        }
        List<ServerServiceDefinition> services = ServiceAssembly.assemble(parts);
        services.forEach(builder::addService);
        Server made = builder.build().start();
        services.forEach(
                service -> health.setStatus(service.getServiceDescriptor().getName(), ServingStatus.SERVING));
        return made;
    }

    private ServerCredentials credentials() throws IOException {
        if (!tls.enabled()) {
            return InsecureServerCredentials.create();
        }
        ScheduledExecutorService watching = certificates;
        if (watching == null) {
            watching = Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("grpc-certificates").factory());
            certificates = watching;
        }
        AdvancedTlsX509KeyManager key = new AdvancedTlsX509KeyManager();
        try {
            var unused = key.updateIdentityCredentials(
                    new File(Objects.requireNonNull(tls.certificateFile())),
                    new File(Objects.requireNonNull(tls.keyFile())),
                    CERTIFICATE_CHECK_SECONDS,
                    TimeUnit.SECONDS,
                    watching);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "tailrace.grpc.tls: the certificate or its key can't be read: " + e.getMessage(), e);
        }
        return TlsServerCredentials.newBuilder().keyManager(key).build();
    }
}
