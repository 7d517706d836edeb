package io.tailrace.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CorsTest {
    private static final String LISTED = "https://app.example.com";
    private TestServer server;

    @BeforeAll
    void start() {
        server = new TestServer(Map.of("tailrace.http.allowed-origins", LISTED + ",https://other.example.com"));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void aListedOriginMayReadTheAnswerAndSendItsCookie() throws Exception {
        HttpResponse<String> response =
                server.send(server.request("/probe/whoami").header("Origin", LISTED));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo(LISTED);
        assertThat(header(response, "Access-Control-Allow-Credentials")).isEqualTo("true");
        assertThat(header(response, "Access-Control-Expose-Headers")).contains("RateLimit", "Retry-After");
        assertThat(header(response, "Vary")).contains("Origin");
    }

    @Test
    void aListedOriginIsToldOfFaultsToo() throws Exception {
        HttpResponse<String> response = server.send(server.request("/nothing").header("Origin", LISTED));

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo(LISTED);
    }

    @Test
    void itsPreflightIsAnsweredWithoutAToken() throws Exception {
        HttpResponse<String> response = preflight(LISTED, "/probe/private");

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo(LISTED);
        assertThat(header(response, "Access-Control-Allow-Methods")).contains("PUT", "DELETE", "PATCH");
        assertThat(header(response, "Access-Control-Allow-Headers")).contains("authorization", "idempotency-key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "https://app.example.com.evil.example",
                "https://APP.example.com",
                "http://app.example.com",
                "https://app.example.com:444",
                "null"
            })
    void anotherOriginIsToldNothing(String origin) throws Exception {
        HttpResponse<String> response =
                server.send(server.request("/probe/whoami").header("Origin", origin));
        HttpResponse<String> preflight = preflight(origin, "/probe/everything");

        assertThat(header(response, "Access-Control-Allow-Origin")).isEmpty();
        assertThat(header(response, "Vary")).contains("Origin");
        assertThat(preflight.statusCode()).isGreaterThanOrEqualTo(400);
        assertThat(header(preflight, "Access-Control-Allow-Origin")).isEmpty();
        assertThat(header(preflight, "Access-Control-Allow-Methods")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "http://127.0.0.1.evil.example", "null", "http://[", "file://"})
    void aPageOfAnotherHostMayNotWrite(String origin) throws Exception {
        HttpResponse<String> response = write(origin);

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(TestServer.body(response).get("type").asText()).endsWith("/forbidden");
    }

    @ParameterizedTest
    @ValueSource(strings = {LISTED, "http://127.0.0.1", "https://127.0.0.1:8443"})
    void aPageOfTheSameHostOrAListedOneMayWrite(String origin) throws Exception {
        assertThat(write(origin).statusCode()).isEqualTo(202);
    }

    @Test
    void aPageBehindAProxyThatChangesTheHostMayWriteIfItsBrowserSaysSo() throws Exception {
        assertThat(write("https://shop.example", "Sec-Fetch-Site", "same-origin")
                        .statusCode())
                .isEqualTo(202);
        assertThat(write("https://shop.example", "Sec-Fetch-Site", "same-site").statusCode())
                .isEqualTo(403);
        assertThat(write("http://127.0.0.1", "Sec-Fetch-Site", "cross-site").statusCode())
                .isEqualTo(403);
        assertThat(write("https://shop.example", "Sec-Fetch-Site", "none").statusCode())
                .isEqualTo(403);
    }

    @Test
    void otherwiseTheRefusalNamesBothHostsAndTheMissingLine() throws Exception {
        String detail =
                TestServer.body(write("http://shop.example")).get("detail").asText();

        assertThat(detail)
                .contains("\"http://shop.example\"")
                .contains("\"127.0.0.1:" + server.port() + "\"")
                .contains("proxy_set_header Host $http_host;")
                .contains("TAILRACE_HTTP_ALLOWED_ORIGINS");
    }

    @Test
    void aForwardedHostIsBelievedOfATrustedProxyOnly() throws Exception {
        assertThat(write("https://shop.example", "X-Forwarded-Host", "shop.example")
                        .statusCode())
                .isEqualTo(403);
        try (TestServer behindProxy = new TestServer(Map.of("tailrace.limits.trusted-proxies", "127.0.0.1"))) {
            assertThat(write(behindProxy, "https://shop.example", "X-Forwarded-Host", "shop.example")
                            .statusCode())
                    .isEqualTo(202);
            assertThat(write(behindProxy, "https://evil.example", "X-Forwarded-Host", "shop.example")
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void byDefaultNoOtherOriginMayReadAnything() throws Exception {
        try (TestServer defaults = new TestServer(Map.of())) {
            HttpResponse<String> response =
                    defaults.send(defaults.request("/probe/whoami").header("Origin", LISTED));

            assertThat(header(response, "Access-Control-Allow-Origin")).isEmpty();
        }
    }

    @Test
    void anyOriginIsWithoutCookies() throws Exception {
        try (TestServer any = new TestServer(Map.of("tailrace.http.allowed-origins", "*"))) {
            HttpResponse<String> response =
                    any.send(any.request("/probe/whoami").header("Origin", "https://evil.example"));

            assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo("*");
            assertThat(header(response, "Access-Control-Allow-Credentials")).isEmpty();
        }
    }

    private HttpResponse<String> write(String origin) throws Exception {
        return write(origin, "Accept", "*/*");
    }

    private HttpResponse<String> write(String origin, String header, String value) throws Exception {
        return write(server, origin, header, value);
    }

    private static HttpResponse<String> write(TestServer server, String origin, String header, String value)
            throws Exception {
        return server.send(server.request("/probe/accepted")
                .header("Origin", origin)
                .header(header, value)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"a\":1}")));
    }

    private HttpResponse<String> preflight(String origin, String path) throws Exception {
        return server.send(server.request(path)
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
    }

    private static String header(HttpResponse<String> response, String name) {
        return String.join(",", response.headers().allValues(name));
    }
}
