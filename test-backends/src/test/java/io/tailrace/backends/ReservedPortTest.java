package io.tailrace.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Elsewhere than on Linux a port is not held. */
@EnabledOnOs(OS.LINUX)
class ReservedPortTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @Test
    void a_server_listens_at_it_again_and_again_and_is_alone() throws Exception {
        try (ReservedPort port = ReservedPort.take()) {
            for (int life = 0; life < 3; life++) {
                try (ServerSocket server = new ServerSocket(port.number(), 10, LOOPBACK);
                        Socket client = new Socket(LOOPBACK, port.number());
                        Socket accepted = server.accept()) {
                    assertThat(accepted.getPort()).isEqualTo(client.getLocalPort());
                    assertThatThrownBy(() -> new ServerSocket(port.number(), 10, LOOPBACK).close())
                            .isInstanceOf(BindException.class);
                }
            }
        }
    }

    @Test
    void connections_are_refused_while_no_server_listens() {
        try (ReservedPort port = ReservedPort.take()) {
            assertThatThrownBy(() -> new Socket(LOOPBACK, port.number()).close())
                    .isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void who_names_it_without_the_option_does_not_get_it_and_so_neither_does_who_asks_for_any() throws IOException {
        try (ReservedPort port = ReservedPort.take();
                ServerSocket stranger = new ServerSocket()) {
            stranger.setReuseAddress(false);
            assertThatThrownBy(() -> stranger.bind(new java.net.InetSocketAddress(LOOPBACK, port.number())))
                    .isInstanceOf(BindException.class);
        }
    }
}
