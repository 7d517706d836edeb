package io.tailrace.workers.bridge;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.TlsChannelCredentials;
import io.tailrace.contracts.bridge.Bridge;
import io.tailrace.contracts.bridge.BridgeTls;
import io.tailrace.kit.grpc.InstallationHeader;
import io.tailrace.workers.bridge.BridgeLog.LogAway;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connections to sources, and what is said at the beginning of each call. Thread-safe. */
final class SourceChannels {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final BridgeSettings settings;
    private final InstallationHeader installation;

    SourceChannels(BridgeSettings settings, InstallationHeader installation) {
        this.settings = settings;
        this.installation = installation;
    }

    /**
     * A connection that is made with its first call. Whoever has it shuts it down.
     *
     * @throws IOException if the certificates of the bridge cannot be read
     */
    ManagedChannel open(Bridge bridge) throws IOException {
        BridgeTls tls = bridge.tls();
        ManagedChannelBuilder<?> builder = Grpc.newChannelBuilder("dns:///" + bridge.target(), credentials(tls))
                .disableRetry()
                .maxInboundMessageSize(settings.maxMessageBytes())
                .keepAliveTime(settings.keepAliveTime().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(settings.keepAliveTimeout().toMillis(), TimeUnit.MILLISECONDS);
        if (tls != null && tls.serverName() != null) {
            builder.overrideAuthority(tls.serverName());
        }
        return builder.build();
    }

    private static ChannelCredentials credentials(@Nullable BridgeTls tls) throws IOException {
        if (tls == null) {
            return InsecureChannelCredentials.create();
        }
        String certificates = tls.certificates();
        return certificates == null
                ? TlsChannelCredentials.create()
                : TlsChannelCredentials.newBuilder()
                        .trustManager(new ByteArrayInputStream(certificates.getBytes(StandardCharsets.US_ASCII)))
                        .build();
    }

    /**
     * What a call begins with.
     *
     * @throws IOException if the file of the tokens cannot be read
     * @throws LogAway if it is not known yet which installation this is, without which a source that is this installation could not refuse the call
     */
    Metadata headers(Bridge bridge) throws IOException, LogAway, InterruptedException {
        Metadata headers = new Metadata();
        if (!installation.addTo(headers)) {
            throw new LogAway("the log does not say which installation this is", null);
        }
        Path file = settings.tokensFile();
        if (file != null) {
            Properties tokens = new Properties();
            try (Reader reader = Files.newBufferedReader(file)) {
                tokens.load(reader);
            }
            String token = tokens.getProperty(bridge.name(), "").strip();
            if (!token.isEmpty()) {
                headers.put(AUTHORIZATION, "Bearer " + token);
            }
        }
        return headers;
    }
}
