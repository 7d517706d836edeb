package io.tailrace.kit.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.kit.address.AddressRange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {
    private static final AddressGuard GUARD = new AddressGuard(List.of(), List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.254",
                "127.0.0.1",
                "127.255.255.254",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::7f00:1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "64:ff9b::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::a00:1",
                "100::1",
                "2001::1",
                "2001:0:4136:e378:8000:63bf:3fff:fdd2",
                "2001:db8::1",
                "2002:7f00:1::1",
                "3fff::1",
                "5f00::1",
                "fc00::1",
                "fd12:3456:789a::1",
                "fe80::1",
                "febf::1",
                "fec0::1",
                "ff02::1"
            })
    void anAddressThatIsNotOfThePublicInternetIsRefused(String address) {
        assertThat(GUARD.refusal(InetAddress.ofLiteral(address))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.1",
                "169.253.255.255",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "::ffff:1.1.1.1",
                "64:ff9b::101:101",
                "2001:200::1",
                "2606:4700:4700::1111",
                "2a00:1450:4001:829::200e"
            })
    void anAddressOfThePublicInternetIsAllowed(String address) {
        assertThat(GUARD.refusal(InetAddress.ofLiteral(address))).isEmpty();
    }

    @Test
    void aMappedAddressThatTheJdkHasNotTurnedIntoIPv4IsJudgedByTheIPv4AddressInIt() throws IOException {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff, 10, 0, 0, 1};

        assertThat(GUARD.refusal(java.net.Inet6Address.getByAddress("host", mapped, -1)))
                .contains("private");
    }

    @Test
    void aSettingAllowsARangeAndAnotherRefusesAPartOfIt() {
        AddressGuard guard = new AddressGuard(
                List.of(AddressRange.parse("allowed", "10.0.0.0/8")),
                List.of(AddressRange.parse("refused", "10.1.0.0/16"), AddressRange.parse("refused", "1.1.1.1")));

        assertThat(guard.refusal(InetAddress.ofLiteral("10.0.0.1"))).isEmpty();
        assertThat(guard.refusal(InetAddress.ofLiteral("64:ff9b::a00:1"))).isEmpty();
        assertThat(guard.refusal(InetAddress.ofLiteral("10.1.0.1"))).contains("refused by a setting");
        assertThat(guard.refusal(InetAddress.ofLiteral("1.1.1.1"))).contains("refused by a setting");
        assertThat(guard.refusal(InetAddress.ofLiteral("192.168.0.1"))).contains("private");
    }

    @Test
    void aGuardedSocketConnectsToNoRefusedAddressHoweverItIsMade() throws IOException {
        GuardedSockets sockets = new GuardedSockets(GUARD);
        InetAddress loopback = InetAddress.getLoopbackAddress();

        try (Socket socket = sockets.createSocket()) {
            assertThatThrownBy(() -> socket.connect(new InetSocketAddress(loopback, 9)))
                    .isInstanceOf(RefusedAddress.class)
                    .hasMessageContaining("loopback");
            assertThatThrownBy(() -> socket.connect(InetSocketAddress.createUnresolved("localhost", 9), 1000))
                    .isInstanceOf(RefusedAddress.class);
        }
        assertThatThrownBy(() -> sockets.createSocket(loopback, 9)).isInstanceOf(RefusedAddress.class);
        assertThatThrownBy(() -> sockets.createSocket("127.0.0.1", 9)).isInstanceOf(RefusedAddress.class);
        assertThatThrownBy(() -> sockets.createSocket(loopback, 9, loopback, 0)).isInstanceOf(RefusedAddress.class);
        assertThatThrownBy(() -> sockets.createSocket("127.0.0.1", 9, loopback, 0))
                .isInstanceOf(RefusedAddress.class);
    }
}
