package io.tailrace.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What an HTTP/2 connection may ask of the server, and what ends one that asks for more. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2LimitsTest {
    private static final int REFUSED_STREAM = 7;
    private static final int ENHANCE_YOUR_CALM = 11;

    private final TestServer server = new TestServer(Map.of(
            "tailrace.http.head-timeout", "1s",
            "tailrace.http.request-timeout", "3s",
            "tailrace.http.http2.max-streams", "4",
            "tailrace.http.http2.max-header-list-bytes", "8192"));

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void answersManyRequestsOnOneConnection() throws Exception {
        try (RawHttp2 client = new RawHttp2(server.connect()).start()) {
            for (int stream = 1; stream < 200; stream += 2) {
                client.get(stream, "/health/liveness");
                assertThat(status(client)).isEqualTo(200);
            }
        }
    }

    @Test
    void refusesMoreStreamsThanItsSettingsAllowAndServesTheOthers() throws Exception {
        try (RawHttp2 client = new RawHttp2(server.connect()).start()) {
            // given
            for (int stream = 1; stream <= 7; stream += 2) {
                client.begin(stream, "/probe/everything");
            }

            // when
            client.begin(9, "/probe/everything");

            // then
            RawHttp2.Frame refused = client.next(frame -> frame.stream() == 9);
            assertThat(refused.type()).isEqualTo(RawHttp2.RST_STREAM);
            assertThat(refused.errorCode()).isEqualTo(REFUSED_STREAM);
        }
    }

    @Test
    void endsAConnectionThatAsksAndTakesBackWithoutEnd() throws Exception {
        try (RawHttp2 client = new RawHttp2(server.connect()).start()) {
            // when
            try {
                for (int stream = 1; stream < 1_000; stream += 2) {
                    client.get(stream, "/health/liveness");
                    client.cancel(stream);
                }
            } catch (IOException e) {
                // It did not listen to the end.
            }
            RawHttp2.Frame end = client.nextOrEnd(frame -> frame.type() == RawHttp2.GOAWAY);

            // then
            assertThat(end == null || end.errorCode() == ENHANCE_YOUR_CALM).isTrue();
            assertThat(server.get("/health/liveness").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void answers431ToHeadersThatAreTooLong() throws Exception {
        try (RawHttp2 client = new RawHttp2(server.connect()).start()) {
            client.get(1, "/health/liveness?x=" + "y".repeat(9_000));
            assertThat(status(client)).isEqualTo(431);
        }
    }

    @Test
    void endsAConnectionWhoseFirstRequestDoesNotArrive() throws Exception {
        try (RawHttp2 silent = new RawHttp2(server.connect()).start();
                RawHttp2 slow = new RawHttp2(server.connect()).start()) {
            slow.beginHeaders(1);

            assertThat(silent.ends()).isTrue();
            assertThat(slow.ends()).isTrue();
        }
    }

    @Test
    void endsAConnectionThatDoesNotSayWhatItSpeaks() throws Exception {
        try (RawHttp2 client = new RawHttp2(server.connect())) {
            assertThat(client.ends()).isTrue();
        }
    }

    @Test
    void doesNotWaitForEverForABody() throws Exception {
        try (RawHttp2 client = new RawHttp2(server.connect()).start()) {
            client.begin(1, "/probe/everything");
            assertThat(status(client)).isEqualTo(408);
        }
    }

    /** The status of the next answer: the first field of its block, from HPACK's static table or as a literal. */
    private static int status(RawHttp2 client) throws IOException {
        RawHttp2.Frame head = client.next(frame -> frame.type() == RawHttp2.HEADERS);
        int first = head.payload()[0] & 0xff;
        return switch (first) {
            case 0x88 -> 200;
            case 0x8c -> 400;
            case 0x8d -> 404;
            default -> Integer.parseInt(new String(head.payload(), 2, 3, java.nio.charset.StandardCharsets.US_ASCII));
        };
    }
}
