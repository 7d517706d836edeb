package io.tailrace.kit.limit;

import io.micronaut.http.HttpRequest;
import io.tailrace.kit.address.AddressRange;
import jakarta.inject.Singleton;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a client is: the other end of the connection, or behind trusted proxies the last address in {@code
 * X-Forwarded-For} that none of them has. What stands before it in that header is the client's own tale. Thread-safe.
 */
@Singleton
public final class ClientAddress {
    private static final String FORWARDED_FOR = "X-Forwarded-For";

    /** More hops than that are no chain of proxies. */
    private static final int MAX_HOPS = 16;

    /** Of an IPv6 address, what a provider gives to one customer: the first 64 bits. */
    private static final int CUSTOMER_BYTES = 8;

    private final List<AddressRange> trusted;

    ClientAddress(LimitSettings settings) {
        this.trusted = settings.trustedProxies().stream()
                .map(text -> AddressRange.parse("tailrace.limits.trusted-proxies", text))
                .toList();
    }

    /** The client's address in one form; of IPv6 the network's. */
    public String of(HttpRequest<?> request) {
        return of(request.getRemoteAddress(), request.getHeaders().getAll(FORWARDED_FOR));
    }

    /**
     * The same for a request that is not one of HTTP.
     *
     * @param remote the other end of the connection
     * @param forwardedFor the values of {@code X-Forwarded-For}
     */
    public String of(@Nullable SocketAddress remote, List<String> forwardedFor) {
        InetAddress address = address(remote);
        return address == null ? "unknown" : shown(client(address, forwardedFor));
    }

    /**
     * In whose name a stream is counted: as {@link #of}, but null if it comes from this machine itself. That is a program beside
     * the service, or a proxy that nobody has named, and one number for all clients of a proxy would shut them out.
     *
     * @param remote the other end of the connection
     * @param forwardedFor the values of {@code X-Forwarded-For}
     */
    public @Nullable String counted(@Nullable SocketAddress remote, List<String> forwardedFor) {
        InetAddress peer = address(remote);
        InetAddress client = peer == null ? null : client(peer, forwardedFor);
        return client == null || client.isLoopbackAddress() ? null : shown(client);
    }

    /** In whose name a connection is counted, before anything is read from it: null if that is this machine's or a trusted proxy's. */
    public @Nullable String countedPeer(@Nullable SocketAddress remote) {
        InetAddress peer = address(remote);
        return peer == null || peer.isLoopbackAddress() || isTrusted(peer) ? null : shown(peer);
    }

    /** Whether the other end of a connection is a proxy whose word about its clients is believed. */
    public boolean isTrustedProxy(@Nullable SocketAddress remote) {
        InetAddress peer = address(remote);
        return peer != null && isTrusted(peer);
    }

    private static @Nullable InetAddress address(@Nullable SocketAddress remote) {
        return remote instanceof InetSocketAddress internet ? internet.getAddress() : null;
    }

    private InetAddress client(InetAddress peer, List<String> forwardedFor) {
        return isTrusted(peer) ? forwarded(peer, forwardedFor) : peer;
    }

    private InetAddress forwarded(InetAddress proxy, List<String> forwardedFor) {
        InetAddress found = proxy;
        String chain = String.join(",", forwardedFor);
        String[] hops = chain.split(",", -1);
        for (int i = hops.length - 1; i >= Math.max(0, hops.length - MAX_HOPS); i--) {
            InetAddress hop = literal(hops[i].strip());
            if (hop == null) {
                return found;
            }
            found = hop;
            if (!isTrusted(hop)) {
                return found;
            }
        }
        return found;
    }

    private boolean isTrusted(InetAddress address) {
        return trusted.stream().anyMatch(range -> range.contains(address));
    }

    private static @Nullable InetAddress literal(String text) {
        try {
            // Never a name: that would ask a name server whatever a client likes.
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String shown(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address.getHostAddress();
        }
        byte[] network = Arrays.copyOf(Arrays.copyOf(address.getAddress(), CUSTOMER_BYTES), 16);
        try {
            return InetAddress.getByAddress(network).getHostAddress() + "/64";
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("16 bytes are an address", e);
        }
    }
}
