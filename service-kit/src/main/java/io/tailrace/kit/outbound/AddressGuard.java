package io.tailrace.kit.outbound;

import io.tailrace.kit.address.AddressRange;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses a person may have this process connect to: those of the public internet. What is refused are the entries of
 * IANA's special-purpose registries (RFC 6890 and its successors) that are not globally reachable, multicast, and IPv6 outside
 * of the global unicast space. An address that carries an IPv4 address (mapped, NAT64) is judged by that one. Immutable.
 */
public final class AddressGuard {
    private static final List<Reserved> RESERVED = Stream.of(
                    Map.entry("0.0.0.0/8", "this network"),
                    Map.entry("10.0.0.0/8", "private"),
                    Map.entry("100.64.0.0/10", "shared by the customers of a provider"),
                    Map.entry("127.0.0.0/8", "loopback"),
                    Map.entry("169.254.0.0/16", "link-local"),
                    Map.entry("172.16.0.0/12", "private"),
                    Map.entry("192.0.0.0/24", "for protocols"),
                    Map.entry("192.0.2.0/24", "for documentation"),
                    Map.entry("192.88.99.0/24", "6to4 relays"),
                    Map.entry("192.168.0.0/16", "private"),
                    Map.entry("198.18.0.0/15", "for benchmarks"),
                    Map.entry("198.51.100.0/24", "for documentation"),
                    Map.entry("203.0.113.0/24", "for documentation"),
                    Map.entry("224.0.0.0/4", "multicast"),
                    Map.entry("240.0.0.0/4", "reserved"),
                    Map.entry("2001::/23", "for protocols"),
                    Map.entry("2001:db8::/32", "for documentation"),
                    Map.entry("2002::/16", "6to4"),
                    Map.entry("3fff::/20", "for documentation"))
            .map(entry -> new Reserved(range(entry.getKey()), entry.getValue()))
            .toList();

    private static final AddressRange GLOBAL_UNICAST = range("2000::/3");
    private static final int IPV4_BYTES = 4;

    /** What an IPv6 address begins with whose last four bytes are an IPv4 address: NAT64 (RFC 6052), and IPv4-mapped. */
    private static final List<byte[]> CARRIERS = List.of(
            new byte[] {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0},
            new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff});

    private final List<AddressRange> allowed;
    private final List<AddressRange> refused;

    private record Reserved(AddressRange range, String what) {}

    /**
     * A guard with exceptions.
     *
     * @param allowed ranges to which connections are allowed all the same
     * @param refused further ranges that are refused; they win over those that are allowed
     */
    public AddressGuard(List<AddressRange> allowed, List<AddressRange> refused) {
        this.allowed = List.copyOf(allowed);
        this.refused = List.copyOf(refused);
    }

    /** Why no connection is made to an address; empty if one may be made. */
    public Optional<String> refusal(InetAddress address) {
        InetAddress target = carried(address);
        if (contains(refused, target) || contains(refused, address)) {
            return Optional.of("refused by a setting");
        }
        if (contains(allowed, target)) {
            return Optional.empty();
        }
        if (target.getAddress().length > IPV4_BYTES && !GLOBAL_UNICAST.contains(target)) {
            return Optional.of("not a global address");
        }
        return RESERVED.stream()
                .filter(each -> each.range().contains(target))
                .map(Reserved::what)
                .findFirst();
    }

    private static boolean contains(List<AddressRange> ranges, InetAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    private static InetAddress carried(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean carries = CARRIERS.stream().anyMatch(prefix -> bytes.length > IPV4_BYTES && startsWith(bytes, prefix));
        return carries ? address(Arrays.copyOfRange(bytes, bytes.length - IPV4_BYTES, bytes.length)) : address;
    }

    private static boolean startsWith(byte[] bytes, byte[] prefix) {
        return Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    private static AddressRange range(String text) {
        return AddressRange.parse("a reserved range", text);
    }

    /** What a refused connection fails with. */
    static RefusedAddress refusing(@Nullable String host, InetAddress address, String why) {
        return new RefusedAddress(
                (host == null ? "" : host + ": ") + address.getHostAddress() + " is refused (" + why + ")");
    }
}
