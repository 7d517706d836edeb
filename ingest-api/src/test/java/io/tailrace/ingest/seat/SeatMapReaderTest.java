package io.tailrace.ingest.seat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.backends.Eventually;
import io.tailrace.ingest.testing.TestIngest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Readers of a large map that do not read it to its end. */
@Tag("server")
class SeatMapReaderTest {
    private static final int SMALL_BUFFER = 4 * 1024;
    private static final int SOME = 100_000;
    private static final int READ_TIMEOUT_MS = 60_000;

    @Test
    void what_a_reader_holds_who_leaves_half_way_is_given_back() throws Exception {
        try (TestIngest server = TestIngest.start(LargeShow.PATIENCE)) {
            UUID show = LargeShow.create();
            try (Socket reader = ask(server, show)) {
                assertThat(reader.getInputStream().readNBytes(SOME)).hasSize(SOME);
                LargeShow.change(show, 30);
                long length = readWhole(server, show);
                assertThat(length).isGreaterThan(LargeShow.LEAST_BYTES);
                assertThat(gauge(server, "readers")).isEqualTo(1);
                assertThat(gauge(server, "bytes"))
                        .as("the map that is being read, and a newer one")
                        .isGreaterThan(1.9 * length);
            }

            Eventually.holds("nobody reads", () -> gauge(server, "readers") == 0);
            assertThat(gauge(server, "bytes"))
                    .as("the newer map")
                    .isBetween((double) LargeShow.LEAST_BYTES, 1.5 * LargeShow.LEAST_BYTES);
        }
    }

    @Test
    void the_connection_of_a_reader_who_does_not_read_is_closed_and_what_it_held_is_given_back() throws Exception {
        try (TestIngest server = TestIngest.start(LargeShow.patienceAnd("tailrace.seat-maps.write-timeout", "1s"))) {
            UUID show = LargeShow.create();
            try (Socket reader = ask(server, show)) {
                Eventually.holds("it is being answered", () -> gauge(server, "bytes") > LargeShow.LEAST_BYTES);
                Eventually.holds("nobody reads", () -> gauge(server, "readers") == 0);

                assertThat(readToEnd(reader)).isLessThan(LargeShow.LEAST_BYTES);
            }
            assertThat(readWhole(server, show)).isGreaterThan(LargeShow.LEAST_BYTES);
        }
    }

    private static Socket ask(TestIngest server, UUID show) throws IOException {
        Socket socket = new Socket();
        // A read that blocks is not ended by the time limit of a test.
        socket.setSoTimeout(READ_TIMEOUT_MS);
        socket.setReceiveBufferSize(SMALL_BUFFER);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        socket.getOutputStream()
                .write(("GET /shows/" + show + "/seats HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(US_ASCII));
        return socket;
    }

    private static long readToEnd(Socket reader) throws IOException {
        byte[] piece = new byte[16 * 1024];
        long length = 0;
        try {
            for (int count = reader.getInputStream().read(piece);
                    count >= 0;
                    count = reader.getInputStream().read(piece)) {
                length += count;
            }
        } catch (SocketException reset) {
            // That is an end, too.
        }
        return length;
    }

    private static long readWhole(TestIngest server, UUID show) {
        return server.anonymous().text("/shows/" + show + "/seats").length();
    }

    private static double gauge(TestIngest server, String name) {
        return server.bean(MeterRegistry.class)
                .get("tailrace.seats.maps." + name)
                .gauge()
                .value();
    }
}
