package io.tailrace.standalone.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import io.tailrace.standalone.Fault;
import io.tailrace.standalone.data.DataFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenIssuerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path temporary = Path.of("");

    private DataFolder folder = new DataFolder(Path.of(""));

    @BeforeEach
    void open() {
        folder = new DataFolder(temporary);
        folder.open();
    }

    @Test
    void a_token_says_what_was_asked_for_and_is_verified_by_the_public_key_alone() throws Exception {
        // given
        SigningKey key = SigningKey.in(folder);
        TokenRequest request = new TokenRequest(
                "robot", List.of("organizer"), List.of("logs:acme:*"), List.of("news:*"), Duration.ofHours(1));
        // when
        SignedJWT token = SignedJWT.parse(new TokenIssuer(key, InstantSource.fixed(NOW)).issue(request));
        // then
        JWKSet published = JWKSet.parse(Files.readString(key.publicFile()));
        assertThat(published.getKeys()).singleElement().satisfies(one -> assertThat(one.isPrivate())
                .isFalse());
        var publicKey = published.getKeyByKeyId(token.getHeader().getKeyID()).toECKey();
        assertThat(token.verify(new ECDSAVerifier(publicKey))).isTrue();
        assertThat(token.getJWTClaimsSet().getSubject()).isEqualTo("robot");
        assertThat(token.getJWTClaimsSet().getIssuer()).isEqualTo("tailrace");
        assertThat(token.getJWTClaimsSet().getExpirationTime()).isEqualTo(Date.from(NOW.plusSeconds(3600)));
        assertThat(token.getJWTClaimsSet().getStringListClaim("roles")).containsExactly("organizer");
        assertThat(token.getJWTClaimsSet().getJSONObjectClaim("channels"))
                .isEqualTo(Map.of("subscribe", List.of("logs:acme:*"), "publish", List.of("news:*")));
    }

    @Test
    void a_token_names_types_of_jobs_if_it_is_asked_to() throws Exception {
        SigningKey key = SigningKey.in(folder);
        TokenIssuer issuer = new TokenIssuer(key, InstantSource.fixed(NOW));
        Duration hour = Duration.ofHours(1);

        SignedJWT with = SignedJWT.parse(
                issuer.issue(new TokenRequest("robot", List.of(), List.of(), List.of(), List.of("image.*"), hour)));
        SignedJWT without =
                SignedJWT.parse(issuer.issue(new TokenRequest("robot", List.of(), List.of(), List.of(), hour)));

        assertThat(with.getJWTClaimsSet().getStringListClaim("jobs")).containsExactly("image.*");
        assertThat(without.getJWTClaimsSet().getClaims()).doesNotContainKey("jobs");
        assertThatThrownBy(() -> new TokenRequest("a", List.of(), List.of(), List.of(), List.of("*.x"), hour))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_key_is_made_once_and_its_private_part_is_for_its_owner_only() throws Exception {
        SigningKey first = SigningKey.in(folder);
        assertThat(SigningKey.in(folder).key()).isEqualTo(first.key());
        assertThat(Files.getPosixFilePermissions(first.privateFile())).hasSize(2);
    }

    @Test
    void a_broken_key_file_is_named_without_showing_it() throws Exception {
        Files.writeString(folder.keys().resolve("signing.jwks.json"), "{\"keys\":[{\"d\":\"secret\"}]}");
        assertThatThrownBy(() -> SigningKey.in(folder))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("signing.jwks.json")
                .hasMessageNotContaining("\"secret\"");
    }

    @Test
    void patterns_and_lifetimes_that_mean_nothing_are_refused() {
        Duration hour = Duration.ofHours(1);
        assertThatThrownBy(() -> new TokenRequest("a", List.of(), List.of("no spaces"), List.of(), hour))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TokenRequest("a", List.of(), List.of(), List.of(), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TokenRequest(" ", List.of(), List.of(), List.of(), hour))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
