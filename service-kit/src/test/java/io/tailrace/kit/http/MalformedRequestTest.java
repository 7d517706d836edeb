package io.tailrace.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no request by the letter of HTTP, of the kinds that the fuzzer has found a wrong answer to. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MalformedRequestTest {
    private static final int PROTOCOL_ERROR = 1;
    private static final int STREAM_CLOSED = 5;

    /** From the static table of HPACK: {@code :method: GET}, {@code :path: /}, {@code :scheme: http}. */
    private static final byte METHOD = (byte) 0x82;

    private static final byte PATH = (byte) 0x84;
    private static final byte SCHEME = (byte) 0x86;

    private final TestServer server = new TestServer(Map.of("tailrace.http.head-timeout", "1s"));

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"HTTP/1.2, 200", "HTTP/1.9, 200", "HTTP/0.9, 400", "HTTP/2.0, 400", "HTTP/7.3, 400", "HTTX/1.1, 400"})
    void anAnswerIsNotInAVersionThatTheServerDoesNotSpeak(String version, int status) throws Exception {
        try (Socket socket = server.connect()) {
            socket.getOutputStream()
                    .write(("GET /health/liveness " + version + "\r\nHost: a\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).matches("(?s)HTTP/1\\.[01] " + status + " .*");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aStreamWhoseHeadersAreNotThoseOfARequestIsReset(int missing) throws Exception {
        byte[] all = {METHOD, PATH, SCHEME};
        byte[] block = new byte[] {all[(missing + 1) % 3], all[(missing + 2) % 3]};
        try (RawHttp2 client = new RawHttp2(server.connect()).start()) {
            client.headers(1, block);

            RawHttp2.Frame refused = client.next(frame -> frame.stream() == 1);

            assertThat(refused.type()).isEqualTo(RawHttp2.RST_STREAM);
            assertThat(refused.errorCode()).isEqualTo(PROTOCOL_ERROR);
            client.get(3, "/health/liveness");
            assertThat(client.next(frame -> frame.stream() == 3).type()).isEqualTo(RawHttp2.HEADERS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\fb", "a\rb", "a\nb", "a\0b"})
    void aStreamWithAHeaderThatHttp1CouldNotHaveIsReset(String value) throws Exception {
        try (RawHttp2 client = new RawHttp2(server.connect()).start()) {
            client.headers(1, RawHttp2.with(new byte[] {METHOD, PATH, SCHEME}, "x-any", value));

            RawHttp2.Frame refused = client.next(frame -> frame.stream() == 1);

            assertThat(refused.type()).isEqualTo(RawHttp2.RST_STREAM);
            assertThat(refused.errorCode()).isEqualTo(PROTOCOL_ERROR);
            client.get(3, "/health/liveness");
            assertThat(client.next(frame -> frame.stream() == 3).type()).isEqualTo(RawHttp2.HEADERS);
        }
    }

    @ParameterizedTest
    @CsvSource({"G\u00c4T, /", "'G T', /", "G(T, /", "GET, '/a b'", "GET, '/a\rb'"})
    void aStreamWithAMethodOrTargetThatHttp1CouldNotHaveIsReset(String method, String path) throws Exception {
        try (RawHttp2 client = new RawHttp2(server.connect()).start()) {
            client.headers(1, RawHttp2.request(method, path));

            RawHttp2.Frame refused = client.next(frame -> frame.stream() == 1);

            assertThat(refused.type()).isEqualTo(RawHttp2.RST_STREAM);
            assertThat(refused.errorCode()).isEqualTo(PROTOCOL_ERROR);
        }
    }

    @Test
    void aFrameOfAnUnknownTypeIsIgnored() throws Exception {
        try (RawHttp2 client = new RawHttp2(server.connect()).start()) {
            client.begin(1, "/probe/everything");
            client.unknown(1);
            client.cancel(1);
            client.get(3, "/health/liveness");

            assertThat(client.next(frame -> frame.stream() != 0).stream()).isEqualTo(3);
        }
    }

    @Test
    void aSecondHeadOnAStreamIsAFaultOfTheClientAndNotOfTheServer() throws Exception {
        try (RawHttp2 client = new RawHttp2(server.connect()).start()) {
            client.begin(1, "/probe/everything");
            client.begin(1, "/probe/everything");

            RawHttp2.Frame refused = client.next(frame -> frame.stream() == 1);

            assertThat(refused.type()).isEqualTo(RawHttp2.RST_STREAM);
            assertThat(refused.errorCode()).isIn(PROTOCOL_ERROR, STREAM_CLOSED);
        }
    }
}
