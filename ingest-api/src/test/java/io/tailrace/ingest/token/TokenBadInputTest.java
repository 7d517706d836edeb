package io.tailrace.ingest.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class TokenBadInputTest {
    private final TestKeys keys = TestKeys.shared();
    private final String person = UUID.randomUUID().toString();

    @Test
    void an_expired_token_is_401() {
        assertRefused(keys.sign(
                keys.claims(person).expirationTime(Date.from(Instant.now().minus(Duration.ofSeconds(1))))));
    }

    @Test
    void a_token_of_a_foreign_key_is_401() {
        assertRefused(new TestKeys().person(UUID.fromString(person)));
    }

    @Test
    void a_token_of_a_foreign_issuer_is_401() {
        assertRefused(keys.sign(keys.claims(person).issuer("somebody")));
    }

    @Test
    void an_unsigned_token_is_401() {
        assertRefused(new PlainJWT(keys.claims(person).build()).serialize());
    }

    @Test
    void a_token_signed_by_hs256_with_the_public_key_is_401() throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .keyID(keys.key().getKeyID())
                        .build(),
                keys.claims(person).build());
        token.sign(new MACSigner(keys.key().toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8)));

        assertRefused(token.serialize());
    }

    @Test
    void garbage_is_401() {
        assertRefused("not.a.token");
    }

    @Test
    void the_token_of_a_service_account_has_no_feed() {
        Http.Answer answer = TestIngest.shared().with(keys.publisher("**")).get("/feed");

        assertThat(answer.status()).isEqualTo(403);
    }

    private static void assertRefused(String token) {
        Http.Answer answer = TestIngest.shared().with(token).post("/posts", "{\"text\": \"hello\"}");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.problem()).isEqualTo("unauthorized");
        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
    }
}
