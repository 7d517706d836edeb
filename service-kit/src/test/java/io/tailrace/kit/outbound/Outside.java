package io.tailrace.kit.outbound;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.kit.address.AddressRange;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Dns;
import okhttp3.tls.HandshakeCertificates;
import org.jspecify.annotations.Nullable;

/** A server that is not ours, and a client whose pauses take no time. */
final class Outside implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    /** Short where a test waits for it, and small where it must be exceeded. */
    static final OutboundBounds BOUNDS = new OutboundBounds(
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(30),
            4,
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            1000,
            4,
            2,
            10,
            4,
            50,
            Duration.ofSeconds(30),
            500);

    final MockWebServer server = new MockWebServer();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final AtomicLong nowMs = new AtomicLong(1);
    final List<Long> pausesMs = new ArrayList<>();
    final Map<String, List<InetAddress>> names = new ConcurrentHashMap<>();
    final OutboundHttp http;
    private volatile @Nullable Dns changing;

    Outside() throws IOException {
        this(BOUNDS, List.of(), null);
    }

    /**
     * Starts the server.
     *
     * @param allowed ranges that people may name
     * @param trusted certificates of the client; null for those of the JDK
     */
    Outside(OutboundBounds bounds, List<AddressRange> allowed, @Nullable HandshakeCertificates trusted)
            throws IOException {
        server.start(InetAddress.ofLiteral("127.0.0.1"), 0);
        AddressGuard guard = new AddressGuard(allowed, List.of());
        Dns resolver = this::lookup;
        Exchange.Tls tls =
                trusted == null ? null : new Exchange.Tls(trusted.sslSocketFactory(), trusted.trustManager());
        http = new OutboundHttp(
                bounds,
                new OutboundHttp.Surroundings(nowMs::get, this::pause, new Random(7), () -> NOW),
                registry,
                new Exchange(bounds, guard, () -> NOW, resolver, tls));
    }

    /** The address of a path of the server, by a name that leads to it. */
    String url(String path) {
        names.put("server.test", List.of(InetAddress.ofLiteral("127.0.0.1")));
        return "http://server.test:" + server.getPort() + path;
    }

    OutboundRequest get(String path) {
        return OutboundRequest.get("test", url(path));
    }

    OutboundRequest post(String path) {
        return OutboundRequest.of("test", "POST", url(path), "text/plain", new byte[] {'x'});
    }

    void answers(int status, String... headers) {
        MockResponse.Builder response = new MockResponse.Builder().code(status);
        for (int i = 0; i < headers.length; i += 2) {
            response.addHeader(headers[i], headers[i + 1]);
        }
        server.enqueue(response.build());
    }

    /** Has another name server answer from now on. */
    void changing(Dns dns) {
        changing = dns;
    }

    private List<InetAddress> lookup(String host) throws UnknownHostException {
        Dns other = changing;
        if (other != null) {
            return other.lookup(host);
        }
        List<InetAddress> addresses = names.get(host);
        if (addresses != null) {
            return addresses;
        }
        if (host.startsWith("localhost")) {
            return List.of(InetAddress.getLoopbackAddress());
        }
        try {
            // As the resolver of an operating system does it, which takes octal and hexadecimal numbers for addresses.
            return List.of(Inet4Address.ofPosixLiteral(host));
        } catch (IllegalArgumentException e) {
            throw new UnknownHostException(host);
        }
    }

    private void pause(long ms) {
        pausesMs.add(ms);
        nowMs.addAndGet(ms);
    }

    @Override
    public void close() {
        http.close();
        server.close();
    }
}
