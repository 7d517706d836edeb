package io.tailrace.kit.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.http.simple.SimpleHttpRequest;
import io.tailrace.kit.address.AddressRange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressTest {
    /** A request from an address, with what its header says. */
    private static final class Request extends SimpleHttpRequest<Object> {
        private final InetSocketAddress remote;

        Request(String remote, String forwardedFor) {
            super(io.micronaut.http.HttpMethod.POST, "/", null);
            this.remote = new InetSocketAddress(InetAddress.ofLiteral(remote), 1);
            if (!forwardedFor.isEmpty()) {
                header("X-Forwarded-For", forwardedFor);
            }
        }

        @Override
        public InetSocketAddress getRemoteAddress() {
            return remote;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "198.51.100.7 | ''                                    | 198.51.100.7",
                // Not of a trusted proxy: anybody's tale.
                "198.51.100.7 | 203.0.113.1                           | 198.51.100.7",
                "10.1.2.3     | 203.0.113.1                           | 203.0.113.1",
                // What the client itself sent stands first.
                "10.1.2.3     | 192.0.2.66, 203.0.113.1               | 203.0.113.1",
                "10.1.2.3     | 192.0.2.66, 203.0.113.1, 10.9.9.9     | 203.0.113.1",
                "10.1.2.3     | ''                                    | 10.1.2.3",
                "10.1.2.3     | localhost                             | 10.1.2.3",
                "10.1.2.3     | 203.0.113.1, unknown                  | 10.1.2.3",
                "10.1.2.3     | 10.0.0.1, 10.0.0.2                    | 10.0.0.1",
                "10.1.2.3     | ,,,                                   | 10.1.2.3",
                "2001:db8::1  | ''                                    | 2001:db8:0:0:0:0:0:0/64",
                "2001:db8::2:0:0:9 | ''                             | 2001:db8:0:0:0:0:0:0/64",
                "fd00::5      | 2001:db8:1:2:3:4:5:6                  | 2001:db8:1:2:0:0:0:0/64",
            })
    void theClientIsTheLastOneThatNoProxyIs(String remote, String forwardedFor, String expected) {
        ClientAddress addresses = new ClientAddress(settings("10.0.0.0/8", "fd00::/8"));

        assertThat(addresses.of(new Request(remote, forwardedFor))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "198.51.100.7 | ''          | 198.51.100.7 | 198.51.100.7",
                "2001:db8::1  | ''          | 2001:db8:0:0:0:0:0:0/64 | 2001:db8:0:0:0:0:0:0/64",
                // Connections of a proxy are of all of its clients, and streams are of each.
                "10.1.2.3     | 203.0.113.1 | 203.0.113.1  |",
                // This machine: a program beside the service, or a proxy that nobody has named.
                "127.0.0.1    | 203.0.113.1 |              |",
                "::1          | ''          |              |",
                "10.1.2.3     | 127.0.0.1   |              |",
            })
    void thisMachineIsCountedInNobodysName(String remote, String forwardedFor, String stream, String connection) {
        ClientAddress addresses = new ClientAddress(settings("10.0.0.0/8"));
        InetSocketAddress peer = new InetSocketAddress(InetAddress.ofLiteral(remote), 1);

        assertThat(addresses.counted(peer, List.of(forwardedFor))).isEqualTo(stream);
        assertThat(addresses.countedPeer(peer)).isEqualTo(connection);
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy.example", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "/8", "10.0.0/8/8"})
    void whatIsNoRangeIsRefusedAtTheStart(String range) {
        assertThatThrownBy(() -> new ClientAddress(settings(range)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(range);
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, 10.1.2.3, true",
        "10.1.2.3, 10.1.2.4, false",
        "10.1.2.0/23, 10.1.3.255, true",
        "10.1.2.0/23, 10.1.4.0, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false"
    })
    void aRangeHasTheAddressesWithItsFirstBits(String range, String address, boolean within) {
        assertThat(AddressRange.parse("a setting", range).contains(InetAddress.ofLiteral(address)))
                .isEqualTo(within);
    }

    private static LimitSettings settings(String... trusted) {
        return new LimitSettings(
                20,
                20,
                2_000,
                2_000,
                100,
                200,
                100,
                500,
                Duration.ofMillis(50),
                Duration.ofSeconds(1),
                10,
                List.of(trusted));
    }
}
