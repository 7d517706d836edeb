package io.tailrace.ingest.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.People;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestPostgres;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class SessionTest {
    private final TestIngest server = TestIngest.shared();
    private final Http http = server.anonymous();
    private final String email = People.freshEmail();

    @Test
    void a_login_gives_a_token_that_opens_what_is_ones_own() throws Exception {
        Http.Answer answer = People.signedIn(server, email);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("token_type").asText()).isEqualTo("Bearer");
        assertThat(answer.body().path("expires_in").asInt()).isEqualTo(900);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        SignedJWT token = SignedJWT.parse(answer.body().path("access_token").asText());
        String id = token.getJWTClaimsSet().getSubject();
        assertThat(token.getHeader().getAlgorithm().getName()).isEqualTo("ES256");
        assertThat(token.getJWTClaimsSet().getIssuer()).isEqualTo("tailrace");
        assertThat(token.getJWTClaimsSet().getClaim("channels"))
                .isEqualTo(Map.of("subscribe", List.of("feed:" + id, "user:" + id), "publish", List.of()));
        assertThat(server.with(token.serialize()).get("/feed").status()).isEqualTo(200);
    }

    @Test
    void the_address_may_be_spelt_otherwise() {
        People.signedIn(server, email);

        assertThat(http.post("/auth/login", People.login(email.toUpperCase(Locale.ROOT)))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void a_browser_gets_a_cookie_that_scripts_cannot_read() {
        Http.Answer answer = People.signedIn(server, email);

        String cookie = answer.header("Set-Cookie");
        String token = answer.body().path("access_token").asText();
        assertThat(cookie)
                .startsWith("tailrace_token=" + token)
                .containsIgnoringCase("HttpOnly")
                .contains("SameSite=Lax", "Path=/", "Max-Age=900")
                .doesNotContain("Secure");
        assertThat(http.header("Cookie", "tailrace_token=" + token).get("/feed").status())
                .isEqualTo(200);
    }

    @Test
    void behind_a_proxy_with_tls_the_cookie_is_secure() {
        People.signedIn(server, email);

        Http.Answer answer = http.header("X-Forwarded-Proto", "https").post("/auth/login", People.login(email));

        assertThat(answer.header("Set-Cookie")).contains("Secure");
    }

    @Test
    void a_wrong_password_and_an_unknown_address_get_the_same_answer() {
        People.signedIn(server, email);

        Http.Answer wrong =
                http.post("/auth/login", "{\"email\": \"" + email + "\", \"password\": \"wrong password\"}");
        Http.Answer unknown = http.post("/auth/login", People.login(People.freshEmail()));

        assertThat(wrong.status()).isEqualTo(401);
        assertThat(unknown.status()).isEqualTo(401);
        assertThat(unknown.body()).isEqualTo(wrong.body());
    }

    @Test
    void a_refresh_token_works_once_and_its_successor_after_it() {
        String first = refreshToken(People.signedIn(server, email));

        Http.Answer second = refresh(first);
        Http.Answer third = refresh(refreshToken(second));

        assertThat(second.status()).isEqualTo(200);
        assertThat(third.status()).isEqualTo(200);
        assertThat(server.with(third.body().path("access_token").asText())
                        .get("/feed")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void a_refresh_token_is_not_in_the_database() {
        String token = refreshToken(People.signedIn(server, email));

        List<String> rows = TestPostgres.shared().column("select t::text from refresh_tokens t");

        assertThat(rows).isNotEmpty().noneMatch(row -> row.contains(token));
    }

    @Test
    void an_expired_refresh_token_is_401() {
        Http.Answer login = People.signedIn(server, email);
        TestPostgres.shared()
                .update(
                        "update refresh_tokens t set issued_at = now() - interval '2 days', expires_at = now() from"
                                + " accounts a where t.account_id = a.id and a.email = ?",
                        email);

        assertThat(refresh(refreshToken(login)).status()).isEqualTo(401);
    }

    @Test
    void signing_out_ends_the_family_and_clears_the_cookie() {
        String token = refreshToken(People.signedIn(server, email));

        Http.Answer answer = http.post("/auth/logout", "{\"refresh_token\": \"" + token + "\"}");

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.header("Set-Cookie")).startsWith("tailrace_token=;").contains("Max-Age=0");
        assertThat(refresh(token).status()).isEqualTo(401);
    }

    @Test
    void a_browser_signs_out_without_a_body() {
        assertThat(http.send("POST", "/auth/logout", null).status()).isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"refresh_token\": \"\"}", "{\"refresh_token\": 5}", "{\"token\": \"x\"}", "{"})
    void a_refresh_without_a_token_is_400(String body) {
        assertThat(http.post("/auth/refresh", body).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\\u00e9", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void a_refresh_token_that_nobody_gave_is_401(String token) {
        assertThat(refresh(token).status()).isEqualTo(401);
    }

    private Http.Answer refresh(String token) {
        return http.post("/auth/refresh", "{\"refresh_token\": \"" + token + "\"}");
    }

    private static String refreshToken(Http.Answer answer) {
        return answer.body().path("refresh_token").asText();
    }
}
