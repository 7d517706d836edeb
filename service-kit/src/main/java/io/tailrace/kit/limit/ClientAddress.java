package io.tailrace.kit.limit;

import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
        this.trusted =
                settings.trustedProxies().stream().map(AddressRange::parse).toList();
    }

    /** The client's address in one form; of IPv6 the network's. */
    public String of(HttpRequest<?> request) {
        InetSocketAddress remote = request.getRemoteAddress();
        InetAddress address = remote == null ? null : remote.getAddress();
        if (address == null) {
            return "unknown";
        }
        return isTrusted(address) ? shown(forwarded(request, address)) : shown(address);
    }

    private InetAddress forwarded(HttpRequest<?> request, InetAddress proxy) {
        InetAddress found = proxy;
        String chain = String.join(",", request.getHeaders().getAll(FORWARDED_FOR));
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
