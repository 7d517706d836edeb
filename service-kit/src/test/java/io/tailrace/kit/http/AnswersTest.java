package io.tailrace.kit.http;

import static io.tailrace.kit.http.BadBodyTest.problem;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What every answer has, and the answers to requests that reach no controller. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class AnswersTest {
    private TestServer server;

    @BeforeAll
    void start() {
        server = new TestServer(Map.of());
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void whatDoesNotExistIs404() throws Exception {
        var unused = problem(server.get("/nothing/here"), 404, "not-found");
    }

    @Test
    void anotherMethodIs405WithTheAllowedOnes() throws Exception {
        HttpResponse<String> response = server.get("/probe/accepted");

        var unused = problem(response, 405, "method-not-allowed");
        assertThat(response.headers().firstValue("Allow")).contains("POST");
    }

    @Test
    void anotherAcceptedTypeIs406() throws Exception {
        HttpResponse<String> response =
                server.send(server.request("/probe/whoami").header("Accept", "text/csv"));

        assertThat(problem(response, 406, "not-acceptable").get("detail").asText())
                .isEqualTo("\"text/csv\", this can be application/json");
    }

    @Test
    void aFaultOfTheServerTellsNothingOfItsInside() throws Exception {
        HttpResponse<String> response = server.get("/probe/crash");

        var unused = problem(response, 500, "internal");
        assertThat(response.body())
                .doesNotContain("secret")
                .doesNotContain("Exception")
                .doesNotContain("java");
    }

    @Test
    void aProblemKeepsItsHeaders() throws Exception {
        HttpResponse<String> response = server.get("/probe/problem");

        assertThat(problem(response, 409, "email-taken").get("detail").asText()).isEqualTo("It is taken.");
        assertThat(response.headers().firstValue("X-Hint")).contains("login");
    }

    @Test
    void whatIsAwaySaysWhenToComeAgain() throws Exception {
        HttpResponse<String> response = server.get("/probe/unavailable");

        var unused = problem(response, 503, "unavailable");
        assertThat(response.headers().firstValue("Retry-After")).contains("2");
    }

    static Stream<Arguments> faultyParameters() {
        return Stream.of(
                Arguments.of("/probe/things/x", "id", "\"x\", expected a UUID"),
                Arguments.of("/probe/page", "limit", "missing, expected a whole number"),
                Arguments.of("/probe/page?limit=x", "limit", "\"x\", expected a whole number"),
                Arguments.of("/probe/page?limit=-1", "limit", "must be greater than 0, found -1"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faultyParameters")
    void aFaultyParameterIsNamed(String target, String field, String message) throws Exception {
        var error = problem(server.get(target), 400, "validation").get("errors").get(0);

        assertThat(error.get("field").asText()).isEqualTo(field);
        assertThat(error.get("message").asText()).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/probe/%00", "/probe/page?limit=1&before=%00", "/probe/%ff", "/probe/page?limit=1&before=%c3%28"
            })
    void anUnsoundTargetIs400(String target) throws Exception {
        var unused = problem(server.get(target), 400, "bad-request");
    }

    static Stream<Arguments> brokenRequests() {
        String long20k = "x".repeat(20_000);
        return Stream.of(
                Arguments.of("GET /" + long20k + " HTTP/1.1\r\nHost: a\r\n\r\n", "414"),
                Arguments.of("GET / HTTP/1.1\r\nHost: a\r\nX: " + long20k + "\r\n\r\n", "431"),
                Arguments.of("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", "400"),
                Arguments.of("GET / HTTP/1.1\r\nHo st: a\r\n\r\n", "400"),
                Arguments.of("GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", "400"),
                Arguments.of("good day\r\n\r\n", "400"),
                Arguments.of(
                        "POST /probe/tree HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                                + "Content-Length: 99999999\r\n\r\n",
                        "413"));
    }

    @ParameterizedTest
    @MethodSource("brokenRequests")
    void aBrokenRequestIsAnsweredAndTheServerGoesOn(String request, String status) throws Exception {
        try (Socket socket = server.connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            byte[] answer = socket.getInputStream().readNBytes(12);

            assertThat(new String(answer, StandardCharsets.ISO_8859_1)).endsWith(" " + status);
        }
        assertThat(server.get("/probe/whoami").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/probe/whoami", "/nothing", "/probe/crash", "/probe/%00"})
    void everyAnswerHasTheSecurityHeaders(String target) throws Exception {
        HttpResponse<String> response = server.get(target);

        assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(response.headers().firstValue("X-Frame-Options")).contains("DENY");
        assertThat(response.headers().firstValue("Referrer-Policy")).contains("no-referrer");
        assertThat(response.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy)
                        .contains("default-src 'none'", "frame-ancestors 'none'")
                        .doesNotContain("unsafe"));
        assertThat(response.headers().firstValue("Cross-Origin-Opener-Policy")).contains("same-origin");
        assertThat(response.headers().firstValue("Cross-Origin-Resource-Policy"))
                .contains("same-origin");
        assertThat(response.headers().firstValue("Permissions-Policy")).isPresent();
        assertThat(response.headers().firstValue("Strict-Transport-Security")).isEmpty();
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
    }

    @Test
    void whoeverComesByTlsIsToldToStayWithIt() throws Exception {
        HttpResponse<String> response =
                server.send(server.request("/probe/whoami").header("X-Forwarded-Proto", "https"));

        assertThat(response.headers().firstValue("Strict-Transport-Security")).contains("max-age=31536000");
    }

    @Test
    void headHasNoBody() throws Exception {
        HttpResponse<String> response =
                server.send(server.request("/nothing").method("HEAD", HttpRequest.BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void controllersMayBlock() throws Exception {
        assertThat(TestServer.body(server.get("/probe/whoami"))
                        .get("thread_is_virtual")
                        .asBoolean())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/health/liveness", "/health/readiness"})
    void healthIsOpen(String path) throws Exception {
        HttpResponse<String> response = server.get(path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(TestServer.body(response).get("status").asText()).isEqualTo("UP");
    }

    @Test
    void metricsAreOpen() throws Exception {
        HttpResponse<String> response = server.get("/prometheus");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("tailrace_http_request_timeouts_total");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/login",
                "/logout",
                "/beans",
                "/env",
                "/loggers",
                "/routes",
                "/refresh",
                "/stop",
                "/threaddump",
                "/info",
                "/metrics"
            })
    void nothingElseIsOffered(String path) throws Exception {
        var unused = problem(server.get(path), 404, "not-found");
    }

    @Test
    void theLogHasOneLineARequestAndNoToken() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger("io.tailrace.request");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            String token = TestServer.token();
            var one = server.send(server.request("/probe/page?limit=3&access_token=" + token)
                    .header("Authorization", "Bearer " + token));
            var two = server.get("/probe/page?limit=3&access%5Ftoken=" + token);
            assertThat(List.of(one.statusCode(), two.statusCode())).containsOnly(200);

            assertThat(lines.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .matches("GET /probe/page\\?limit=3&access_token=\\*\\*\\* 200 \\d+ ms"
                                            + " 0190a0b0-0000-7000-8000-000000000001"),
                            line -> assertThat(line).matches("GET /probe/page\\?\\*\\*\\* 200 \\d+ ms -"));
        } finally {
            logger.detachAppender(lines);
        }
    }
}
