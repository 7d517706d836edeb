package io.tailrace.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class ProcessTableTest {
    private static final long SELF = ProcessHandle.current().pid();

    @Test
    void it_knows_who_listens_on_a_port() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(ProcessTable.listener(socket.getLocalPort())).hasValue(SELF);
        }
    }

    @Test
    void it_knows_the_start_and_the_memory_of_a_process() {
        assertThat(ProcessTable.startedAtMs(SELF)).isPresent();
        assertThat(ProcessTable.startedAtMs(Integer.MAX_VALUE)).isEmpty();
        assertThat(ProcessTable.residentBytesOfOne(SELF)).isGreaterThan(1 << 20);
    }
}
