package io.tailrace.kit.grpc;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The gRPC server. Immutable.
 *
 * @param enabled whether there is one
 * @param host the address; that of {@code tailrace.http.host} if it is empty
 * @param port the port; -1 for any that is free
 * @param orAnyPort whether any port that is free is taken if this one is in use
 * @param maxMessageBytes the largest message of a client; a larger one ends the call with RESOURCE_EXHAUSTED
 * @param maxMetadataBytes the most metadata that a call may bring, the token among it
 * @param maxCallsPerConnection calls that are open on one connection at the same time, streams among them; one more waits for
 *     its client
 * @param keepAliveTime a connection on which a client says nothing for so long gets a ping
 * @param keepAliveTimeout a client that does not answer a ping for so long is gone
 * @param permitKeepAliveTime a client that sends pings more often than this is disconnected with ENHANCE_YOUR_CALM
 * @param maxConnectionIdle a connection without calls is closed after this time
 */
@ConfigurationProperties("tailrace.grpc")
public record GrpcSettings(
        @Bindable(defaultValue = "false") boolean enabled,
        @Nullable String host,
        @Bindable(defaultValue = "9090") int port,
        @Bindable(defaultValue = "false") boolean orAnyPort,
        @Bindable(defaultValue = "4194304") int maxMessageBytes,
        @Bindable(defaultValue = "16384") int maxMetadataBytes,
        @Bindable(defaultValue = "2000") int maxCallsPerConnection,
        @Bindable(defaultValue = "30s") Duration keepAliveTime,
        @Bindable(defaultValue = "20s") Duration keepAliveTimeout,
        @Bindable(defaultValue = "10s") Duration permitKeepAliveTime,
        @Bindable(defaultValue = "5m") Duration maxConnectionIdle) {
    /** Checks the ranges. */
    public GrpcSettings {
        if (port < -1 || port > 65_535) {
            throw new IllegalArgumentException("tailrace.grpc.port: " + port + ", expected -1 to 65535");
        }
        positive(maxMessageBytes, "max-message-bytes");
        positive(maxMetadataBytes, "max-metadata-bytes");
        positive(maxCallsPerConnection, "max-calls-per-connection");
        positive(keepAliveTime.toMillis(), "keep-alive-time");
        positive(keepAliveTimeout.toMillis(), "keep-alive-timeout");
        positive(permitKeepAliveTime.toMillis(), "permit-keep-alive-time");
        positive(maxConnectionIdle.toMillis(), "max-connection-idle");
    }

    /**
     * TLS at the port of gRPC, which then speaks nothing else: {@code tailrace.grpc.tls.*}.
     *
     * @param enabled whether it is spoken
     * @param certificateFile absolute path of a PEM file with the server's certificate and those between it and its
     *     authority. It and the key are read again when they change
     * @param keyFile absolute path of a PEM file with the certificate's key, PKCS#8 and not encrypted
     */
    @ConfigurationProperties("tls")
    public record Tls(
            @Bindable(defaultValue = "false") boolean enabled,
            @Nullable String certificateFile,
            @Nullable String keyFile) {
        /** Checks that what is needed is there. */
        public Tls {
            if (enabled) {
                absolute("certificate-file", certificateFile);
                absolute("key-file", keyFile);
            }
        }

        private static void absolute(String name, @Nullable String file) {
            if (file == null || !Path.of(file).isAbsolute()) {
                throw new IllegalArgumentException(
                        "tailrace.grpc.tls." + name + ": " + file + ", expected the absolute path of a PEM file");
            }
        }
    }

    private static void positive(long value, String name) {
        if (value <= 0) {
            throw new IllegalArgumentException("tailrace.grpc." + name + ": " + value + ", expected above 0");
        }
    }
}
