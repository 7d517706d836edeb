package io.tailrace.workers.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.contracts.webhook.EventPattern;
import io.tailrace.contracts.webhook.WebhookSecret;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.testing.FakeJob;
import io.tailrace.kit.outbound.OutboundHttp;
import io.tailrace.workers.testing.TestHttp;
import java.net.InetAddress;
import java.net.http.HttpHeaders;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookHandlerTest {
    private static final WebhookSecret OLD = WebhookSecret.of("0123456789abcdef01234567".getBytes(UTF_8));
    private static final WebhookSecret NEW = WebhookSecret.of("abcdef0123456789abcdef0123456789".getBytes(UTF_8));

    private final MockWebServer server = new MockWebServer();
    private final KnownEndpoints endpoints = new KnownEndpoints();
    private final UUID endpoint = UUID.randomUUID();
    private OutboundHttp http;

    @BeforeEach
    void start() throws Exception {
        server.start(InetAddress.ofLiteral("127.0.0.1"), 0);
        http = TestHttp.client(new SimpleMeterRegistry(), "127.0.0.1");
        register(List.of("*"), OLD);
    }

    @AfterEach
    void stop() {
        http.close();
        server.close();
    }

    private String url() {
        return "http://127.0.0.1:" + server.getPort() + "/hook";
    }

    private void register(List<String> events, WebhookSecret... secrets) {
        endpoints.all.put(
                endpoint,
                new Endpoint(
                        endpoint, url(), events.stream().map(EventPattern::new).toList(), List.of(secrets), true));
    }

    private WebhookHandler handler(OutboundHttp client, String secret, Duration deadline) {
        return new WebhookHandler(
                endpoints,
                client,
                new WebhookSettings(deadline, 20, secret, Duration.ofHours(24)),
                new DeliverySchedule(new Random(7)),
                Instant::now);
    }

    private WebhookHandler.Delivered deliver(FakeJob job) throws Exception {
        return handler(http, "", Duration.ofSeconds(20)).run(payload(), job);
    }

    private JobFailure failure(FakeJob job) {
        return catchThrowableOfType(JobFailure.class, () -> deliver(job));
    }

    private WebhookPayload payload() {
        return new WebhookPayload(null, endpoint, event(), null);
    }

    private static Map<String, Object> event() {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("type", "user.created");
        event.put("data", Map.of("name", "Zoë 世界"));
        return event;
    }

    /** As a receiver of it would: throws if the signature, the id or the time is not right. */
    private static void verify(RecordedRequest request, WebhookSecret secret) throws Exception {
        HttpHeaders headers = HttpHeaders.of(request.getHeaders().toMultimap(), (name, value) -> true);
        new Webhook(secret.text()).verify(request.getBody().utf8(), headers);
    }

    @Test
    void anEventArrivesSignedUnderTheIdOfItsJob() throws Exception {
        FakeJob job = FakeJob.first();
        server.enqueue(new MockResponse.Builder().code(204).addHeader("X", "y").build());

        WebhookHandler.Delivered delivered = deliver(job);

        RecordedRequest request = server.takeRequest();
        assertThat(delivered.status()).isEqualTo(204);
        assertThat(request.getMethod()).isEqualTo("POST");
        assertThat(request.getBody().utf8()).isEqualTo("{\"type\":\"user.created\",\"data\":{\"name\":\"Zoë 世界\"}}");
        assertThat(request.getHeaders().get("webhook-id")).isEqualTo(job.id().toString());
        assertThat(request.getHeaders().get("Content-Type")).isEqualTo("application/json");
        verify(request, OLD);
        assertThatThrownBy(() -> verify(request, NEW)).isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    void theSignatureIsThatOfTheSpecification() {
        // The example of the libraries of Standard Webhooks.
        WebhookSecret secret = new WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        var request = WebhookRequest.of(
                "https://example.org",
                "{\"test\": 2432232314}".getBytes(UTF_8),
                UUID.fromString("00000000-0000-7000-8000-000000000001"),
                Instant.ofEpochSecond(1614265330),
                List.of(secret));
        String signature = request.headers().stream()
                .filter(header -> header.name().equals("webhook-signature"))
                .findFirst()
                .orElseThrow()
                .value();

        assertThat(signature)
                .isEqualTo(hmac(secret, "00000000-0000-7000-8000-000000000001.1614265330.{\"test\": 2432232314}"));
        assertThat(request.isPersonal()).isTrue();
        assertThat(request.followsRedirects()).isFalse();
    }

    /** HMAC-SHA256 as the specification describes it, without the library. */
    private static String hmac(WebhookSecret secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            byte[] key = Base64.getDecoder().decode(secret.text().substring("whsec_".length()));
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whileASecretRotatesBothSign() throws Exception {
        register(List.of("*"), NEW, OLD);
        server.enqueue(new MockResponse.Builder().code(200).build());

        var unused = deliver(FakeJob.first());

        RecordedRequest request = server.takeRequest();
        assertThat(request.getHeaders().get("webhook-signature").split(" ")).hasSize(2);
        verify(request, OLD);
        verify(request, NEW);
    }

    @Test
    void anEventThatIsSentAgainHasTheIdThatItsReceiverKnows() throws Exception {
        UUID first = UUID.randomUUID();
        server.enqueue(new MockResponse.Builder().code(200).build());

        var unused = handler(http, "", Duration.ofSeconds(20))
                .run(new WebhookPayload(null, endpoint, event(), first), FakeJob.first());

        assertThat(server.takeRequest().getHeaders().get("webhook-id")).isEqualTo(first.toString());
    }

    @Test
    void aUrlIsSignedWithTheSecretOfTheInstallationOrNotAtAll() throws Exception {
        server.enqueue(new MockResponse.Builder().code(200).build());
        server.enqueue(new MockResponse.Builder().code(200).build());
        WebhookPayload payload = new WebhookPayload(url(), null, event(), null);

        var signed = handler(http, NEW.text(), Duration.ofSeconds(20)).run(payload, FakeJob.first());
        var unsigned = handler(http, "", Duration.ofSeconds(20)).run(payload, FakeJob.first());

        assertThat(List.of(signed.status(), unsigned.status())).containsOnly(200);
        verify(server.takeRequest(), NEW);
        assertThat(server.takeRequest().getHeaders().get("webhook-signature")).isNull();
    }

    @Test
    void anEndpointGetsOnlyWhatItWants() throws Exception {
        register(List.of("order.*", "user.deleted"), OLD);

        WebhookHandler.Delivered delivered = deliver(FakeJob.first());

        assertThat(delivered.skipped()).contains("order.*, user.deleted");
        assertThat(server.getRequestCount()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 5",
        "2, 300",
        "3, 1800",
        "4, 7200",
        "5, 18000",
        "6, 36000",
        "7, 50400",
        "8, 72000",
        "9, 86400",
        "40, 86400"
    })
    void aFailureIsTriedAgainByTheScheduleOfStandardWebhooks(int attempt, long seconds) {
        server.enqueue(new MockResponse.Builder().code(500).body("out of order").build());

        JobFailure failure = failure(FakeJob.of(UUID.randomUUID(), attempt));

        assertThat(failure.type()).isEqualTo("http_500");
        assertThat(failure.isFinal()).isFalse();
        assertThat(failure).hasMessageContaining("out of order");
        assertThat(failure.retryAfter())
                .isBetween(Duration.ofSeconds(seconds), Duration.ofSeconds(seconds * 11 / 10 + 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308, 304, 400, 401, 404, 418, 503})
    void everythingButA2xxIsAFailureAndARedirectIsNotFollowed(int status) {
        server.enqueue(new MockResponse.Builder()
                .code(status)
                .addHeader("Location", url() + "/elsewhere")
                .build());

        JobFailure failure = failure(FakeJob.first());

        assertThat(failure.type()).isEqualTo("http_" + status);
        assertThat(failure.isFinal()).isFalse();
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"60, 60", "3, 5", "9999999, 86400"})
    void anEndpointThatSaysHowLongItWantsToBeLeftAloneIs(long retryAfter, long seconds) {
        server.enqueue(new MockResponse.Builder()
                .code(429)
                .addHeader("Retry-After", retryAfter)
                .build());

        JobFailure failure = failure(FakeJob.first());

        assertThat(failure.type()).isEqualTo("http_429");
        assertThat(failure.retryAfter()).isBetween(Duration.ofSeconds(seconds), Duration.ofSeconds(seconds + 1));
    }

    @Test
    void anEndpointThatIsGoneIsDisabledAndGetsNothingMore() {
        server.enqueue(new MockResponse.Builder().code(410).build());

        JobFailure gone = failure(FakeJob.first());
        JobFailure next = failure(FakeJob.first());

        assertThat(gone.type()).isEqualTo("http_410");
        assertThat(next.type()).isEqualTo("endpoint_disabled");
        assertThat(List.of(gone.isFinal(), next.isFinal())).containsOnly(true);
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void ofALongAnswerTheBeginningIsKept() throws Exception {
        server.enqueue(new MockResponse.Builder()
                .code(200)
                .body("first line\r\n" + "x".repeat(5_000_000))
                .build());
        server.enqueue(
                new MockResponse.Builder().code(500).body("y".repeat(5_000_000)).build());

        assertThat(deliver(FakeJob.first()).answer())
                .startsWith("first line xxxxxx")
                .hasSizeLessThan(25);
        assertThat(failure(FakeJob.first()).getMessage()).hasSizeLessThan(100);
    }

    @Test
    void anEndpointThatHangsOrBreaksTheConnectionIsTriedAgain() {
        // By its id, and not the first request: one that is late reaches its deadline before it reaches the server.
        FakeJob hangs = FakeJob.first();
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                boolean isHanging =
                        hangs.id().toString().equals(request.getHeaders().get("webhook-id"));
                return new MockResponse.Builder()
                        .onResponseStart(isHanging ? SocketEffect.Stall.INSTANCE : new SocketEffect.CloseSocket())
                        .build();
            }
        });
        JobFailure hanging = catchThrowableOfType(JobFailure.class, () -> handler(http, "", Duration.ofMillis(200))
                .run(payload(), hangs));
        JobFailure broken = failure(FakeJob.first());

        assertThat(List.of(hanging.type(), broken.type())).containsExactly("timed_out", "broken");
        assertThat(List.of(hanging.isFinal(), broken.isFinal())).containsOnly(false);
        assertThat(hanging.retryAfter()).isGreaterThanOrEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1", "2130706433"})
    void anAddressThatIsNotPublicIsRefusedAndNotDescribed(String host) throws Exception {
        try (OutboundHttp guarded = TestHttp.client(new SimpleMeterRegistry())) {
            String url = "http://" + host + ":" + server.getPort() + "/";
            JobFailure failure =
                    catchThrowableOfType(JobFailure.class, () -> handler(guarded, "", Duration.ofSeconds(20))
                            .run(new WebhookPayload(url, null, event(), null), FakeJob.first()));

            assertThat(failure.type()).isEqualTo("address_refused");
            assertThat(failure.isFinal()).isTrue();
            assertThat(failure).hasMessage("The URL leads to an address that is not public");
            assertThat(server.getRequestCount()).isZero();
        }
    }

    @Test
    void anEndpointThatIsNotThereIsLastingAndADatabaseThatIsAwayIsNot() {
        JobFailure unknown = catchThrowableOfType(JobFailure.class, () -> handler(http, "", Duration.ofSeconds(20))
                .run(new WebhookPayload(null, UUID.randomUUID(), event(), null), FakeJob.first()));
        endpoints.isAway = true;
        JobFailure away = failure(FakeJob.first());

        assertThat(unknown.type()).isEqualTo("unknown_endpoint");
        assertThat(unknown.isFinal()).isTrue();
        assertThat(away.type()).isEqualTo("endpoints_unavailable");
        assertThat(away.isFinal()).isFalse();
    }

    @Test
    void whatIsNotSentToAHostThatFailedTooOftenIsNoAttemptUntilTheScheduleHasEnded() {
        for (int i = 0; i < 20; i++) {
            server.enqueue(new MockResponse.Builder().code(500).build());
        }
        try (OutboundHttp patient = TestHttp.client(Duration.ofHours(1), new SimpleMeterRegistry(), "127.0.0.1")) {
            http.close();
            http = patient;
            for (int i = 0; i < 20; i++) {
                assertThat(failure(FakeJob.first()).isCounted()).isTrue();
            }

            JobFailure held = failure(FakeJob.of(UUID.randomUUID(), 9));
            JobFailure late = failure(FakeJob.of(UUID.randomUUID(), 10));

            assertThat(server.getRequestCount()).isEqualTo(20);
            assertThat(held.type()).isEqualTo("circuit_open");
            assertThat(held.isCounted()).isFalse();
            assertThat(held.retryAfter()).isBetween(Duration.ofHours(24), Duration.ofHours(27));
            assertThat(late.type()).isEqualTo("circuit_open");
            assertThat(late.isCounted()).isTrue();
        }
    }
}
