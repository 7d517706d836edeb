package io.tailrace.kit.http;

import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.HttpVersion;
import io.micronaut.http.server.netty.configuration.NettyHttpServerConfiguration;
import io.micronaut.http.server.netty.configuration.NettyHttpServerConfiguration.NettyListenerConfiguration;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Tells Micronaut's server at which ports to listen and which versions of HTTP to speak there.
 *
 * <p>Each HTTP/2 stream gets a channel of its own, with the handlers that an HTTP/1.1 connection has: what stands in a
 * pipeline (deadlines, the edge's streams) then works for both.
 */
@Singleton
final class Listeners implements BeanCreatedEventListener<NettyHttpServerConfiguration> {
    /** The name of the certificate in {@code tailrace-defaults.yml}. */
    private static final String CERTIFICATE = "tailrace";

    private final Http2Settings http2;
    private final TlsSettings tls;

    Listeners(Http2Settings http2, TlsSettings tls) {
        this.http2 = http2;
        this.tls = tls;
    }

    @Override
    public NettyHttpServerConfiguration onCreated(BeanCreatedEvent<NettyHttpServerConfiguration> event) {
        NettyHttpServerConfiguration server = event.getBean();
        if (http2.enabled()) {
            server.setHttpVersion(HttpVersion.HTTP_2_0);
            server.setLegacyMultiplexHandlers(true);
            server.getHttp2().setMaxConcurrentStreams(http2.maxStreams());
            server.getHttp2().setMaxHeaderListSize(http2.maxHeaderListBytes());
        }
        if (tls.enabled()) {
            String plainHost = server.getHost().orElse(null);
            String tlsHost = tls.host() == null || tls.host().isBlank() ? plainHost : tls.host();
            // The one in clear text first: its port is the one that a service means when it says its own.
            server.setListeners(List.of(
                    NettyListenerConfiguration.createTcp(
                            plainHost, server.getPort().orElse(-1), false, null, null),
                    NettyListenerConfiguration.createTcp(tlsHost, tls.port(), true, CERTIFICATE, null)));
        }
        return server;
    }
}
