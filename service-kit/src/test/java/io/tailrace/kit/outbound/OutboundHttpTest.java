package io.tailrace.kit.outbound;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.backends.Eventually;
import io.tailrace.backends.ReservedPort;
import io.tailrace.kit.outbound.OutboundOutcome.Answered;
import io.tailrace.kit.outbound.OutboundOutcome.Failed;
import io.tailrace.kit.outbound.OutboundOutcome.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import okio.Buffer;
import okio.GzipSink;
import okio.Okio;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundHttpTest {
    private Outside outside;

    @BeforeEach
    void start() throws IOException {
        outside = new Outside();
    }

    @AfterEach
    void stop() {
        outside.close();
    }

    @Test
    void anAnswerIsPassedOnWithStatusHeadersAndBody() throws Exception {
        outside.server.enqueue(new MockResponse.Builder()
                .code(404)
                .addHeader("X-Why", "gone")
                .body("no such thing")
                .build());

        Answered answered = answered(outside.http.send(outside.post("/a?b=c").with("X-Own", "1")));

        assertThat(answered.status()).isEqualTo(404);
        assertThat(answered.header("x-why")).contains("gone");
        assertThat(new String(answered.body(), UTF_8)).isEqualTo("no such thing");
        assertThat(answered.isSuccess()).isFalse();
        RecordedRequest received = outside.server.takeRequest();
        assertThat(received.getRequestLine()).isEqualTo("POST /a?b=c HTTP/1.1");
        assertThat(received.getHeaders().get("X-Own")).isEqualTo("1");
        assertThat(received.getHeaders().get("Content-Type")).isEqualTo("text/plain");
        assertThat(received.getHeaders().get("User-Agent")).isEqualTo("tailrace");
        assertThat(received.getBody().utf8()).isEqualTo("x");
    }

    @Test
    void theUserAndPasswordOfAnAddressAreSentAsBasicAuthorization() throws Exception {
        outside.answers(200);

        var unused = outside.http.send(
                OutboundRequest.get("test", outside.url("/").replace("http://", "http://me:secret@")));

        assertThat(outside.server.takeRequest().getHeaders().get("Authorization"))
                .isEqualTo("Basic bWU6c2VjcmV0");
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void aRequestThatMayBeRepeatedIsMadeAgainAfterAFailureThatMayPass(int status) throws Exception {
        outside.answers(status);
        outside.answers(status);
        outside.answers(200);

        assertThat(answered(outside.http.send(outside.get("/"))).status()).isEqualTo(200);
        assertThat(outside.pausesMs).hasSize(2);
        assertThat(outside.pausesMs.get(0)).isBetween(50L, 100L);
        assertThat(outside.pausesMs.get(1)).isBetween(100L, 200L);
        assertThat(outside.registry
                        .counter("tailrace.outbound.retries", "purpose", "test")
                        .count())
                .isEqualTo(2);
    }

    @Test
    void theLastAnswerCountsWhenNoAttemptIsLeft() throws Exception {
        for (int i = 0; i < 5; i++) {
            outside.answers(429);
        }

        assertThat(answered(outside.http.send(outside.get("/"))).status()).isEqualTo(429);
        assertThat(outside.server.getRequestCount()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 503})
    void aPostIsMadeOnceWhateverTheAnswer(int status) throws Exception {
        outside.answers(status, "Retry-After", "0");
        outside.answers(200);

        assertThat(answered(outside.http.send(outside.post("/"))).status()).isEqualTo(status);
        assertThat(outside.server.getRequestCount()).isEqualTo(1);
        assertThat(outside.pausesMs).isEmpty();
    }

    @Test
    void aPostIsNotMadeAgainWhenItsConnectionBreaks() throws Exception {
        outside.answers(200);
        var unused = outside.http.send(outside.post("/first"));
        outside.server.enqueue(new MockResponse.Builder()
                .onResponseStart(new SocketEffect.CloseSocket())
                .build());
        outside.answers(200);

        assertThat(failed(outside.http.send(outside.post("/second"))).reason()).isEqualTo(Reason.BROKEN);
        assertThat(outside.server.getRequestCount()).isEqualTo(2);
    }

    @Test
    void aPostWithAnIdempotencyKeyIsMadeAgain() throws Exception {
        outside.server.enqueue(new MockResponse.Builder()
                .onResponseStart(new SocketEffect.CloseSocket())
                .build());
        outside.answers(503);
        outside.answers(201);

        assertThat(answered(outside.http.send(outside.post("/").with("Idempotency-Key", "k")))
                        .status())
                .isEqualTo(201);
        assertThat(outside.server.getRequestCount()).isEqualTo(3);
        assertThat(outside.server.takeRequest().getBody().utf8()).isEqualTo("x");
        assertThat(outside.server.takeRequest().getBody().utf8()).isEqualTo("x");
        assertThat(outside.server.takeRequest().getBody().utf8()).isEqualTo("x");
    }

    @Test
    void aServersWishIsGranted() throws Exception {
        outside.answers(429, "Retry-After", "7");
        outside.answers(503, "Retry-After", "Fri, 02 Jan 2026 03:04:09 GMT");
        outside.answers(200);

        assertThat(answered(outside.http.send(outside.get("/"))).status()).isEqualTo(200);
        assertThat(outside.pausesMs).containsExactly(7_000L, 4_000L);
    }

    @Test
    void aServerThatWantsToBeLeftAloneForLongerThanTheDeadlineIsNotAskedAgain() throws Exception {
        outside.answers(429, "Retry-After", "31");

        Answered answered = answered(outside.http.send(outside.get("/")));

        assertThat(answered.retryAfter()).contains(Duration.ofSeconds(31));
        assertThat(outside.pausesMs).isEmpty();
    }

    @Test
    void noAttemptBeginsAfterTheDeadline() throws Exception {
        outside.answers(503, "Retry-After", "20");
        outside.answers(503, "Retry-After", "20");

        assertThat(answered(outside.http.send(outside.get("/"))).status()).isEqualTo(503);
        assertThat(outside.pausesMs).containsExactly(20_000L);
    }

    @Test
    void aServerThatDoesNotAnswerIsLeftAtTheDeadline() throws Exception {
        outside.server.enqueue(new MockResponse.Builder()
                .onResponseStart(SocketEffect.Stall.INSTANCE)
                .build());

        Failed failed = failed(outside.http.send(outside.post("/").within(Duration.ofMillis(300))));

        assertThat(failed.reason()).isEqualTo(Reason.TIMED_OUT);
    }

    @Test
    void aServerThatDoesNotEndItsBodyIsLeftAtTheDeadline() throws Exception {
        outside.server.enqueue(new MockResponse.Builder()
                .body("x".repeat(500))
                .onResponseBody(SocketEffect.Stall.INSTANCE)
                .build());

        Failed failed = failed(outside.http.send(outside.post("/").within(Duration.ofMillis(300))));

        assertThat(failed.reason()).isEqualTo(Reason.TIMED_OUT);
    }

    @Test
    void aNameServerThatDoesNotAnswerIsLeftAtItsTimeout() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (BoundedDns dns = new BoundedDns(
                host -> {
                    await(never);
                    return List.of();
                },
                Duration.ofMillis(100),
                1)) {
            assertThatThrownBy(() -> dns.lookup("slow.test")).hasMessageContaining("was not resolved within 100 ms");
        }
    }

    @Test
    void aBodyThatJustFitsIsPassedOnAndALongerOneIsAFailure() throws Exception {
        outside.server.enqueue(new MockResponse.Builder().body("x".repeat(1000)).build());
        outside.server.enqueue(new MockResponse.Builder().body("x".repeat(1001)).build());

        assertThat(answered(outside.http.send(outside.get("/"))).body()).hasSize(1000);
        assertThat(failed(outside.http.send(outside.get("/"))).reason()).isEqualTo(Reason.ANSWER_TOO_LARGE);
    }

    @Test
    void theBeginningOfALongBodyIsKeptIfTheRequestSaysSo() throws Exception {
        outside.server.enqueue(
                new MockResponse.Builder().code(500).body("abcdef".repeat(1000)).build());

        Answered answered = answered(outside.http.send(outside.post("/").keeping(3)));

        assertThat(new String(answered.body(), UTF_8)).isEqualTo("abc");
        assertThat(answered.isCut()).isTrue();
        assertThat(answered.status()).isEqualTo(500);
    }

    @Test
    void aBodyIsMeasuredDecompressed() throws Exception {
        Buffer zipped = new Buffer();
        try (var sink = Okio.buffer(new GzipSink(zipped))) {
            sink.write(new byte[10_000_000]);
        }
        assertThat(zipped.size()).isLessThan(100_000);
        outside.server.enqueue(new MockResponse.Builder()
                .addHeader("Content-Encoding", "gzip")
                .body(zipped)
                .build());

        assertThat(failed(outside.http.send(outside.get("/"))).reason()).isEqualTo(Reason.ANSWER_TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.org",
                "ftp://example.org/",
                "file:///etc/passwd",
                "http://",
                "http://a b/",
                "http://[::g]/"
            })
    void anAddressThatIsNoneOfHttpIsRefused(String url) throws Exception {
        assertThat(failed(outside.http.send(OutboundRequest.get("test", url))).reason())
                .isEqualTo(Reason.URL_INVALID);
    }

    @Test
    void aNameWithoutAnAddressIsAFailure() throws Exception {
        outside.names.put("nowhere.test", List.of());

        assertThat(failed(outside.http.send(OutboundRequest.get("test", "http://nowhere.test/")))
                        .reason())
                .isEqualTo(Reason.NAME_NOT_RESOLVED);
    }

    @Test
    void aPortWithoutAServerIsAFailure() throws Exception {
        try (ReservedPort port = ReservedPort.take()) {
            String url = "http://127.0.0.1:" + port.number() + "/";

            assertThat(failed(outside.http.send(OutboundRequest.get("test", url)))
                            .reason())
                    .isEqualTo(Reason.NOT_CONNECTED);
        }
    }

    @Test
    void anotherAddressOfTheNameIsTriedWhenOneHasNoServer() throws Exception {
        outside.answers(200);
        outside.names.put("two.test", List.of(InetAddress.ofLiteral("127.0.0.2"), InetAddress.ofLiteral("127.0.0.1")));

        assertThat(answered(outside.http.send(OutboundRequest.of(
                                "test", "POST", "http://two.test:" + outside.server.getPort(), "a/b", new byte[0])))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aServerWithAnUntrustedCertificateIsRefused() throws Exception {
        HeldCertificate own = new HeldCertificate.Builder()
                .addSubjectAlternativeName("server.test")
                .build();
        outside.server.useHttps(
                new HandshakeCertificates.Builder().heldCertificate(own).build().sslSocketFactory());
        outside.answers(200);

        assertThat(failed(outside.http.send(
                                OutboundRequest.get("test", outside.url("/").replace("http:", "https:"))))
                        .reason())
                .isEqualTo(Reason.TLS_FAILED);
    }

    @Test
    void aHostThatHangsGetsNoMoreRequestsThanAllowedAndAnInterruptionEndsThem() throws Exception {
        CountDownLatch received = new CountDownLatch(2);
        outside.server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                received.countDown();
                return new MockResponse.Builder()
                        .onResponseStart(SocketEffect.Stall.INSTANCE)
                        .build();
            }
        });
        OutboundRequest request = outside.get("/");
        CompletableFuture<Throwable> one = new CompletableFuture<>();
        CompletableFuture<Throwable> other = new CompletableFuture<>();
        List<Thread> callers = List.of(sending(request, one), sending(request, other));
        received.await();

        assertThat(failed(outside.http.send(request.within(Duration.ofMillis(50))))
                        .reason())
                .isEqualTo(Reason.BUSY);
        assertThat(outside.server.getRequestCount()).isEqualTo(2);
        assertThat(outside.registry.get("tailrace.outbound.calls").gauge().value())
                .isEqualTo(2);

        callers.forEach(Thread::interrupt);

        assertThat(Eventually.result("it is interrupted", one)).isInstanceOf(InterruptedException.class);
        assertThat(Eventually.result("it is interrupted", other)).isInstanceOf(InterruptedException.class);
        assertThat(outside.registry.get("tailrace.outbound.calls").gauge().value())
                .isZero();
    }

    @Test
    void theMetricsSayWhatBecameOfRequests() throws Exception {
        outside.answers(204);
        var unused = outside.http.send(outside.get("/"));
        var unusedFailure = outside.http.send(OutboundRequest.get("test", "no address"));

        assertThat(outside.registry
                        .get("tailrace.outbound.requests")
                        .tags("purpose", "test", "outcome", "2xx")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(outside.registry
                        .get("tailrace.outbound.requests")
                        .tags("purpose", "test", "outcome", "url_invalid")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(outside.registry.get("tailrace.outbound.hosts").gauge().value())
                .isEqualTo(1);
    }

    private Thread sending(OutboundRequest request, CompletableFuture<Throwable> end) {
        return Thread.ofVirtual().start(() -> {
            try {
                var unused = outside.http.send(request);
                end.complete(new AssertionError("there was an outcome"));
            } catch (InterruptedException e) {
                end.complete(e);
            }
        });
    }

    static Answered answered(OutboundOutcome outcome) {
        assertThat(outcome).isInstanceOf(Answered.class);
        return (Answered) outcome;
    }

    static Failed failed(OutboundOutcome outcome) {
        assertThat(outcome).isInstanceOf(Failed.class);
        return (Failed) outcome;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
