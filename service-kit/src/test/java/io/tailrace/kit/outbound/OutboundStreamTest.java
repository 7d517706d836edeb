package io.tailrace.kit.outbound;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.kit.outbound.OutboundOutcome.Answered;
import io.tailrace.kit.outbound.OutboundOutcome.Failed;
import io.tailrace.kit.outbound.OutboundOutcome.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutboundStreamTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(200);

    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private Outside outside;

    @BeforeEach
    void start() throws IOException {
        outside = new Outside();
    }

    @AfterEach
    void stop() {
        outside.close();
    }

    private Optional<Duration> take(byte[] bytes, int length, Duration silence) {
        read.write(bytes, 0, length);
        return Optional.of(silence);
    }

    private OutboundOutcome stream(Duration first, Duration next) throws InterruptedException {
        return outside.http.stream(outside.post("/"), first, (bytes, length) -> take(bytes, length, next));
    }

    @Test
    void theBodyOfASuccessIsPassedOnHoweverLongItIs() throws Exception {
        String body = "0123456789".repeat(1_000);
        outside.server.enqueue(new MockResponse.Builder().chunkedBody(body, 333).build());

        OutboundOutcome outcome = stream(LONG, LONG);

        assertThat(outcome).isInstanceOfSatisfying(Answered.class, answered -> {
            assertThat(answered.status()).isEqualTo(200);
            assertThat(answered.body()).isEmpty();
        });
        assertThat(read.toString(UTF_8)).isEqualTo(body);
    }

    @Test
    void theBodyOfAnErrorIsThatOfTheOutcomeAndTheRequestIsMadeOnce() throws Exception {
        outside.server.enqueue(new MockResponse.Builder()
                .code(429)
                .addHeader("Retry-After", "7")
                .body("slowly")
                .build());

        OutboundOutcome outcome = stream(LONG, LONG);

        assertThat(outcome).isInstanceOfSatisfying(Answered.class, answered -> {
            assertThat(new String(answered.body(), UTF_8)).isEqualTo("slowly");
            assertThat(answered.retryAfter()).contains(Duration.ofSeconds(7));
        });
        assertThat(read.size()).isZero();
        assertThat(outside.server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        outside.answers(302, "Location", "/elsewhere");

        assertThat(stream(LONG, LONG)).isInstanceOfSatisfying(Answered.class, answered -> assertThat(answered.status())
                .isEqualTo(302));
    }

    @Test
    void aServerThatSaysNothingIsWaitedForAsLongAsTheRequestSays() throws Exception {
        outside.server.enqueue(new MockResponse.Builder()
                .onResponseStart(SocketEffect.Stall.INSTANCE)
                .build());

        assertThat(stream(SHORT, LONG)).isInstanceOfSatisfying(Failed.class, failed -> assertThat(failed.reason())
                .isEqualTo(Reason.TIMED_OUT));
    }

    @Test
    void aServerThatFallsSilentIsWaitedForAsLongAsTheReaderSays() throws Exception {
        outside.server.enqueue(new MockResponse.Builder()
                .body("x".repeat(100_000))
                .onResponseBody(SocketEffect.Stall.INSTANCE)
                .build());

        assertThat(stream(LONG, SHORT)).isInstanceOfSatisfying(Failed.class, failed -> assertThat(failed.reason())
                .isEqualTo(Reason.TIMED_OUT));
        assertThat(read.size()).isBetween(1, 99_999);
    }

    @Test
    void aReaderThatWantsNoMoreEndsTheRequest() throws Exception {
        outside.server.enqueue(new MockResponse.Builder()
                .chunkedBody("x".repeat(100_000), 1_000)
                .build());

        OutboundOutcome outcome = outside.http.stream(outside.post("/"), LONG, (bytes, length) -> {
            read.write(bytes, 0, length);
            return Optional.empty();
        });

        assertThat(outcome).isInstanceOf(Answered.class);
        assertThat(read.size()).isBetween(1, 99_999);
    }

    @Test
    void aReaderThatIsInterruptedEndsTheRequest() {
        outside.server.enqueue(new MockResponse.Builder().body("x").build());

        assertThatThrownBy(() -> outside.http.stream(outside.post("/"), LONG, (bytes, length) -> {
                    throw new InterruptedException("as if cancelled");
                }))
                .isInstanceOf(InterruptedException.class);
    }

    @Test
    void aHostThatFailsTooOftenIsLeftAlone() throws Exception {
        for (int i = 0; i < 4; i++) {
            outside.answers(500);
            var unused = stream(LONG, LONG);
        }

        assertThat(stream(LONG, LONG)).isInstanceOfSatisfying(Failed.class, failed -> assertThat(failed.reason())
                .isEqualTo(Reason.CIRCUIT_OPEN));
    }

    @Test
    void anAddressThatIsNoneIsRefused() throws Exception {
        assertThat(outside.http.stream(
                        OutboundRequest.get("test", "ftp://server.test"), LONG, (bytes, length) -> Optional.empty()))
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.reason()).isEqualTo(Reason.URL_INVALID));
    }
}
