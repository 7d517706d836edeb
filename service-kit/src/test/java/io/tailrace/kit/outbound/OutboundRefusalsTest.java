package io.tailrace.kit.outbound;

import static io.tailrace.kit.outbound.OutboundHttpTest.answered;
import static io.tailrace.kit.outbound.OutboundHttpTest.failed;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tailrace.kit.address.AddressRange;
import io.tailrace.kit.outbound.OutboundOutcome.Answered;
import io.tailrace.kit.outbound.OutboundOutcome.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.MockResponse;
import okhttp3.Headers;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Where requests do not go: private addresses, other schemes, hosts that are not well. */
class OutboundRefusalsTest {
    private static final InetAddress SERVER = InetAddress.ofLiteral("127.0.0.1");

    private Outside outside;

    @BeforeEach
    void start() throws IOException {
        outside = new Outside();
    }

    @AfterEach
    void stop() {
        outside.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.1",
                "127.0.1",
                "2130706433",
                "0x7f000001",
                "0x7f.0.0.1",
                "017700000001",
                "localhost",
                "LOCALHOST.",
                "%6cocalhost",
                "127.0.0.1.",
                "\uff11\uff12\uff17.0.0.1",
                "0.0.0.0",
                "0",
                "[::1]",
                "[::]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[0:0:0:0:0:ffff:127.0.0.1]",
                "[64:ff9b::127.0.0.1]",
                "[::127.0.0.1]",
                "user@127.0.0.1",
                "example.org@127.0.0.1",
            })
    void aPersonReachesNoServerOfThisMachineByAnyNotationOfItsAddress(String host) throws Exception {
        String url = "http://" + host + ":" + outside.server.getPort() + "/";

        Reason reason = failed(
                        outside.http.send(OutboundRequest.get("test", url).personal()))
                .reason();

        // What the platform does not take for an address, such as an octal one, is a name that nobody has.
        assertThat(reason).isIn(Reason.ADDRESS_REFUSED, Reason.URL_INVALID, Reason.NAME_NOT_RESOLVED);
        assertThat(outside.server.getRequestCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1", "169.254.169.254", "[fd00::1]", "[fe80::1]", "100.64.0.1", "[::ffff:10.0.0.1]"})
    void aLiteralOfAPrivateNetworkIsRefused(String host) throws Exception {
        assertThat(failed(outside.http.send(OutboundRequest.get("test", "http://" + host + "/")
                                .personal()))
                        .reason())
                .isEqualTo(Reason.ADDRESS_REFUSED);
    }

    @Test
    void aNameThatLeadsToAPrivateAddressIsRefused() throws Exception {
        assertThat(failed(outside.http.send(outside.get("/").personal())).reason())
                .isEqualTo(Reason.ADDRESS_REFUSED);

        outside.names.put("server.test", List.of(SERVER, InetAddress.ofLiteral("10.0.0.1")));
        assertThat(failed(outside.http.send(OutboundRequest.get("test", "http://server.test/")
                                .personal()))
                        .reason())
                .isEqualTo(Reason.ADDRESS_REFUSED);
        assertThat(outside.server.getRequestCount()).isZero();
    }

    @Test
    void ofANamesAddressesOnlyTheAllowedOnesAreConnectedTo() throws Exception {
        try (Outside allowing = allowing("127.0.0.1")) {
            String url = allowing.url("/");
            allowing.answers(200);
            allowing.names.put("server.test", List.of(InetAddress.ofLiteral("10.0.0.1"), SERVER));

            assertThat(answered(allowing.http.send(
                                    OutboundRequest.get("test", url).personal()))
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aNameThatChangesItsAddressAfterItWasGoodIsRefused() throws Exception {
        try (Outside allowing = allowing("127.0.0.1")) {
            OutboundRequest request =
                    OutboundRequest.get("test", allowing.url("/")).personal().with("Connection", "close");
            allowing.server.enqueue(
                    new MockResponse.Builder().addHeader("Connection", "close").build());
            assertThat(answered(allowing.http.send(request)).status()).isEqualTo(200);

            allowing.names.put("server.test", List.of(InetAddress.ofLiteral("127.0.0.2")));

            assertThat(failed(allowing.http.send(request)).reason()).isEqualTo(Reason.ADDRESS_REFUSED);
        }
    }

    /** The name server's first answer is for the check, and its second for the connection: there is no second. */
    @Test
    void theAddressThatWasCheckedIsTheOneThatIsConnectedTo() throws Exception {
        try (Outside allowing = allowing("127.0.0.1")) {
            String url = allowing.url("/");
            List<InetAddress> asked = new CopyOnWriteArrayList<>();
            allowing.answers(200);
            allowing.changing(host -> {
                InetAddress next = asked.isEmpty() ? SERVER : InetAddress.ofLiteral("127.0.0.2");
                asked.add(next);
                return List.of(next);
            });

            assertThat(answered(allowing.http.send(
                                    OutboundRequest.get("test", url).personal()))
                            .status())
                    .isEqualTo(200);
            assertThat(asked).hasSize(1);
        }
    }

    @Test
    void aGuardedRequestUsesNoConnectionOfAnUnguardedOne() throws Exception {
        outside.answers(200);
        assertThat(answered(outside.http.send(outside.get("/"))).status()).isEqualTo(200);

        assertThat(failed(outside.http.send(outside.get("/").personal())).reason())
                .isEqualTo(Reason.ADDRESS_REFUSED);
        assertThat(outside.server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void aRedirectIsTheAnswerUnlessTheRequestFollows() throws Exception {
        outside.answers(302, "Location", "/elsewhere");

        assertThat(answered(outside.http.send(outside.get("/"))).status()).isEqualTo(302);
        assertThat(outside.server.getRequestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectOfTheSameOriginIsFollowedWithTheHeadersThatItHad(int status) throws Exception {
        outside.answers(status, "Location", "../there?x=1");
        outside.answers(200);

        assertThat(answered(outside.http.send(
                                outside.get("/a/b").followingRedirects().with("X-Key", "k")))
                        .status())
                .isEqualTo(200);
        assertThat(outside.server.takeRequest().getTarget()).isEqualTo("/a/b");
        var second = outside.server.takeRequest();
        assertThat(second.getTarget()).isEqualTo("/there?x=1");
        assertThat(second.getHeaders().get("X-Key")).isEqualTo("k");
    }

    @Test
    void aRedirectOfAPostIsItsAnswer() throws Exception {
        outside.answers(307, "Location", "/there");

        assertThat(answered(outside.http.send(outside.post("/").followingRedirects()))
                        .status())
                .isEqualTo(307);
    }

    @Test
    void aRedirectToAPrivateAddressIsRefusedWhoeverNamedTheFirstOne() throws Exception {
        outside.answers(302, "Location", "http://127.0.0.1:" + outside.server.getPort() + "/there");
        outside.answers(200);

        assertThat(failed(outside.http.send(outside.get("/").followingRedirects()))
                        .reason())
                .isEqualTo(Reason.ADDRESS_REFUSED);
        assertThat(outside.server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void anotherOriginGetsNoHeaderThatMayHaveASecret() throws Exception {
        try (Outside allowing = allowing("127.0.0.1")) {
            OutboundRequest request = allowing.get("/")
                    .followingRedirects()
                    .with("Authorization", "Bearer s")
                    .with("X-Key", "s")
                    .with("Accept", "text/plain");
            allowing.answers(302, "Location", "http://127.0.0.1:" + allowing.server.getPort() + "/there");
            allowing.answers(200);

            assertThat(answered(allowing.http.send(request)).status()).isEqualTo(200);
            var unused = allowing.server.takeRequest();
            Headers second = allowing.server.takeRequest().getHeaders();
            assertThat(second.get("Authorization")).isNull();
            assertThat(second.get("X-Key")).isNull();
            assertThat(second.get("Accept")).isEqualTo("text/plain");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://server.test/", "file:///etc/passwd", "javascript:alert(1)", "https://server.test/"})
    void aRedirectToAnotherSchemeIsRefused(String location) throws Exception {
        outside.answers(302, "Location", location);

        assertThat(failed(outside.http.send(outside.get("/").followingRedirects()))
                        .reason())
                .isEqualTo(Reason.REDIRECT_REFUSED);
    }

    @Test
    void aRedirectFromHttpsToHttpIsRefused() throws Exception {
        HeldCertificate own = new HeldCertificate.Builder()
                .addSubjectAlternativeName("server.test")
                .build();
        HandshakeCertificates trusting = new HandshakeCertificates.Builder()
                .addTrustedCertificate(own.certificate())
                .build();
        try (Outside secure = new Outside(Outside.BOUNDS, List.of(), trusting)) {
            secure.server.useHttps(new HandshakeCertificates.Builder()
                    .heldCertificate(own)
                    .build()
                    .sslSocketFactory());
            String url = secure.url("/");
            secure.answers(302, "Location", url);

            assertThat(failed(secure.http.send(OutboundRequest.get("test", url.replace("http:", "https:"))
                                    .followingRedirects()))
                            .reason())
                    .isEqualTo(Reason.REDIRECT_REFUSED);
        }
    }

    @Test
    void aRedirectWithoutAnAddressAndOneTooManyAreRefused() throws Exception {
        outside.answers(302);
        assertThat(failed(outside.http.send(outside.get("/").followingRedirects()))
                        .reason())
                .isEqualTo(Reason.REDIRECT_REFUSED);

        for (int i = 0; i <= Redirects.MOST; i++) {
            outside.answers(302, "Location", "/again");
        }
        assertThat(failed(outside.http.send(outside.get("/").followingRedirects()))
                        .reason())
                .isEqualTo(Reason.REDIRECT_REFUSED);
        assertThat(outside.server.getRequestCount()).isEqualTo(1 + 1 + Redirects.MOST);
    }

    @Test
    void aHostThatFailsTooOftenIsLeftAloneForAWhileAndThenTriedOnce() throws Exception {
        for (int i = 0; i < 4; i++) {
            outside.answers(500);
            assertThat(answered(outside.http.send(outside.post("/"))).status()).isEqualTo(500);
        }

        assertThat(failed(outside.http.send(outside.post("/"))).reason()).isEqualTo(Reason.CIRCUIT_OPEN);
        assertThat(open()).isEqualTo(1);
        assertThat(outside.server.getRequestCount()).isEqualTo(4);

        outside.nowMs.addAndGet(31_000);
        outside.answers(500);
        assertThat(answered(outside.http.send(outside.post("/"))).status()).isEqualTo(500);
        assertThat(failed(outside.http.send(outside.post("/"))).reason()).isEqualTo(Reason.CIRCUIT_OPEN);

        outside.nowMs.addAndGet(31_000);
        outside.answers(200);
        outside.answers(200);
        assertThat(answered(outside.http.send(outside.post("/"))).status()).isEqualTo(200);
        assertThat(answered(outside.http.send(outside.post("/"))).status()).isEqualTo(200);
        assertThat(open()).isZero();
    }

    @Test
    void aClientsErrorSaysNothingAgainstAHost() throws Exception {
        for (int i = 0; i < 8; i++) {
            outside.answers(i % 2 == 0 ? 404 : 429);
            assertThat(outside.http.send(outside.post("/"))).isInstanceOf(Answered.class);
        }
        assertThat(open()).isZero();
    }

    @Test
    void whatPeopleNameOpensNoCircuitOfTheServices() throws Exception {
        try (Outside allowing = allowing("127.0.0.1")) {
            for (int i = 0; i < 4; i++) {
                allowing.answers(500);
                assertThat(answered(allowing.http.send(allowing.post("/").personal()))
                                .status())
                        .isEqualTo(500);
            }
            assertThat(failed(allowing.http.send(allowing.post("/").personal())).reason())
                    .isEqualTo(Reason.CIRCUIT_OPEN);
            allowing.answers(200);
            assertThat(answered(allowing.http.send(allowing.post("/"))).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void noMoreHostsAreRememberedThanAllowed() throws Exception {
        for (int i = 0; i < 50; i++) {
            outside.names.put("host-" + i + ".test", List.of());
            assertThat(failed(outside.http.send(OutboundRequest.of(
                                    "test", "POST", "http://host-" + i + ".test/", "a/b", new byte[0])))
                            .reason())
                    .isEqualTo(Reason.NAME_NOT_RESOLVED);
        }

        assertThat(outside.registry.get("tailrace.outbound.hosts").gauge().value())
                .isEqualTo(Outside.BOUNDS.maxHosts());
    }

    @Test
    void aRequestIsInTheLogAsACurlCommandWithoutItsSecretsAtTheLevelDebug() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(OutboundHttp.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Level before = logger.getLevel();
        logger.addAppender(lines);
        try {
            logger.setLevel(Level.INFO);
            outside.answers(200);
            var unusedQuiet = outside.http.send(outside.get("/"));
            assertThat(lines.list).isEmpty();

            logger.setLevel(Level.DEBUG);
            outside.answers(200);
            var unusedShown = outside.http.send(outside.post("/bottoken-of-bot/send?key=s3")
                    .hiding("token-of-bot")
                    .with("Authorization", "Bearer s3"));
        } finally {
            logger.detachAppender(lines);
            logger.setLevel(before);
        }

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "curl --globoff --compressed --request 'POST' --header 'Content-Type: text/plain'"
                                + " --header 'Authorization: REDACTED' --header 'User-Agent: tailrace'"
                                + " --data-raw 'x' 'http://server.test:" + outside.server.getPort()
                                + "/botREDACTED/send?key=REDACTED'",
                        "POST server.test: 200, 0 bytes");
    }

    private double open() {
        return outside.registry.get("tailrace.outbound.circuits.open").gauge().value();
    }

    private static Outside allowing(String range) throws IOException {
        return new Outside(Outside.BOUNDS, List.of(AddressRange.parse("allowed", range)), null);
    }
}
