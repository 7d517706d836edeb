package io.tailrace.kit.http;

import static io.tailrace.kit.http.BadBodyTest.problem;
import static io.tailrace.kit.http.TestServer.EC;
import static io.tailrace.kit.http.TestServer.RSA;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jwt.PlainJWT;
import io.tailrace.kit.security.Tokens;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a caller is known, and what one is told whose token is not accepted. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class TokensOverHttpTest {
    private static final String SUBJECT = "0190a0b0-0000-7000-8000-000000000001";

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
    void aBearerTokenIsAccepted() throws Exception {
        assertThat(subject(get("/probe/private", TestServer.token()))).isEqualTo(SUBJECT);
    }

    @Test
    void theSchemeIsReadInAnyCase() throws Exception {
        var response =
                server.send(server.request("/probe/private").header("Authorization", "bearer " + TestServer.token()));

        assertThat(subject(response)).isEqualTo(SUBJECT);
    }

    @Test
    void spacesAroundATokenAreNotPartOfIt() throws Exception {
        var response =
                server.send(server.request("/probe/private").header("Authorization", "Bearer   " + TestServer.token()));

        assertThat(subject(response)).isEqualTo(SUBJECT);
    }

    @Test
    void theCookieIsNotAskedIfTheHeaderHasAnExpiredToken() throws Exception {
        var expired = Tokens.claims(Instant.now().minusSeconds(600)).build();
        var response = server.send(server.request("/probe/private")
                .header("Authorization", "Bearer " + Tokens.sign(EC, expired))
                .header("Cookie", "tailrace_token=" + TestServer.token()));

        assertThat(problem(response, 401, "unauthorized").get("detail").asText())
                .isEqualTo("Not accepted: the token has expired.");
    }

    /** micronaut-security resolves the host and the language of a request whose token is good. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: [",
                "Host: a:b:c",
                "Host: localhost:99999999",
                "Host: localhost\r\nAccept-Language: ;q=x,-,\u00ff",
                "Host: localhost\r\nAccept-Language: *-*-*;q=-1",
                "Host: localhost\r\nForwarded: host=[;proto=:"
            })
    void aGoodTokenDoesNotChangeWhatStrangeHeadersAreAnswered(String headers) throws Exception {
        String anonymous = statusLine("/probe/whoami", headers);

        assertThat(statusLine("/probe/whoami", headers + "\r\nAuthorization: Bearer " + TestServer.token()))
                .isEqualTo(anonymous)
                .doesNotContain(" 500");
    }

    @Test
    void anRs256TokenIsAccepted() throws Exception {
        assertThat(subject(get(
                        "/probe/private",
                        Tokens.sign(RSA, Tokens.claims(Instant.now()).build()))))
                .isEqualTo(SUBJECT);
    }

    @Test
    void theCookieIsAccepted() throws Exception {
        var response = server.send(
                server.request("/probe/private").header("Cookie", "a=b; tailrace_token=" + TestServer.token()));

        assertThat(subject(response)).isEqualTo(SUBJECT);
    }

    @Test
    void theHeaderWinsOverTheCookie() throws Exception {
        var response = server.send(server.request("/probe/private")
                .header("Authorization", "Bearer nonsense")
                .header("Cookie", "tailrace_token=" + TestServer.token()));

        assertThat(response.statusCode()).isEqualTo(401);
    }

    @Test
    void aTokenInTheQueryIsNotAcceptedHere() throws Exception {
        assertThat(server.get("/probe/private?access_token=" + TestServer.token())
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void withoutATokenTheChallengeSaysThatOneIsNeeded() throws Exception {
        HttpResponse<String> response = server.get("/probe/private");

        var unused = problem(response, 401, "unauthorized");
        assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    }

    static Stream<Arguments> badTokens() throws JOSEException {
        Instant now = Instant.now();
        var good = Tokens.claims(now).build();
        return Stream.of(
                Arguments.of("nonsense", "the token is malformed"),
                Arguments.of(new PlainJWT(good).serialize(), "the token is not signed"),
                Arguments.of(
                        Tokens.signWithHmac(EC.toECPublicKey().getEncoded(), "ec-1", good),
                        "the token's algorithm is not supported"),
                Arguments.of(Tokens.sign(Tokens.ecKey("ec-1"), good), "the token's signature is wrong"),
                Arguments.of(Tokens.sign(Tokens.ecKey("foreign"), good), "the token's key is unknown"),
                Arguments.of(
                        Tokens.sign(
                                EC,
                                Tokens.claims(now)
                                        .expirationTime(Date.from(now.minusSeconds(1)))
                                        .build()),
                        "the token has expired"),
                Arguments.of(
                        Tokens.sign(
                                EC,
                                Tokens.claims(now)
                                        .notBeforeTime(Date.from(now.plusSeconds(60)))
                                        .build()),
                        "the token is not valid yet"),
                Arguments.of(
                        Tokens.sign(EC, Tokens.claims(now).issuer("other").build()),
                        "the token is from another issuer"),
                Arguments.of(
                        Tokens.sign(
                                EC, Tokens.claims(now).claim("roles", "admin").build()),
                        "the token's claims are not valid"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("badTokens")
    void theChallengeSaysWhatIsWrongWithAToken(String token, String description) throws Exception {
        HttpResponse<String> response = get("/probe/private", token);

        assertThat(problem(response, 401, "unauthorized").get("detail").asText())
                .isEqualTo("Not accepted: " + description + ".");
        assertThat(response.headers().firstValue("WWW-Authenticate"))
                .contains("Bearer error=\"invalid_token\", error_description=\"" + description + "\"");
    }

    @Test
    void aBadTokenIsNobodyWhereNobodyIsWelcome() throws Exception {
        HttpResponse<String> response = get("/probe/whoami", "nonsense");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(TestServer.body(response).get("anonymous").asBoolean()).isTrue();
    }

    @Test
    void aRoleOpensItsDoor() throws Exception {
        var without =
                Tokens.claims(Instant.now()).claim("roles", List.of("usher")).build();

        assertThat(get("/probe/organizers", TestServer.token()).statusCode()).isEqualTo(200);
        var unused = problem(get("/probe/organizers", Tokens.sign(EC, without)), 403, "forbidden");
        unused = problem(server.get("/probe/organizers"), 401, "unauthorized");
    }

    @Test
    void aServiceAccountIsNotAUser() throws Exception {
        var service = Tokens.claims(Instant.now()).subject("telemetry").build();

        assertThat(get("/probe/needs-user", TestServer.token()).statusCode()).isEqualTo(200);
        var unused = problem(get("/probe/needs-user", Tokens.sign(EC, service)), 403, "forbidden");
        HttpResponse<String> anonymous = server.get("/probe/needs-user");
        unused = problem(anonymous, 401, "unauthorized");
        assertThat(anonymous.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    }

    @Test
    void withoutKeysTheAnswerIs503(@TempDir Path folder) throws Exception {
        try (TestServer keyless = new TestServer(
                Map.of("tailrace.jwks.file", folder.resolve("none.json").toString()))) {
            HttpResponse<String> response = keyless.send(
                    keyless.request("/probe/private").header("Authorization", "Bearer " + TestServer.token()));

            var unused = problem(response, 503, "unavailable");
            assertThat(response.headers().firstValue("Retry-After")).contains("1");
        }
    }

    @Test
    void theKeysMayComeFromAnotherServer(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("keys.json");
        Files.writeString(file, Tokens.jwks(EC.toPublicJWK()));
        try (KeyServer keys = new KeyServer(file);
                TestServer other = new TestServer(Map.of("tailrace.jwks.file", "", "tailrace.jwks.url", keys.url()))) {
            HttpResponse<String> response =
                    other.send(other.request("/probe/private").header("Authorization", "Bearer " + TestServer.token()));

            assertThat(subject(response)).isEqualTo(SUBJECT);
        }
    }

    private HttpResponse<String> get(String path, String token) throws Exception {
        return server.send(server.request(path).header("Authorization", "Bearer " + token));
    }

    private String statusLine(String path, String headers) throws IOException {
        try (Socket socket = server.connect()) {
            String request = "GET " + path + " HTTP/1.1\r\n" + headers + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            BufferedReader answer =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            return String.valueOf(answer.readLine());
        }
    }

    private static String subject(HttpResponse<String> response) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return TestServer.body(response).get("subject").asText();
    }
}
