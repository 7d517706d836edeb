package io.tailrace.ingest.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
class SigningKeysTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void the_public_keys_are_published_without_any_private_part() {
        Http.Answer answer = TestIngest.shared().anonymous().get("/.well-known/jwks.json");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().at("/keys/0/kid").asText())
                .isEqualTo(TestKeys.shared().key().getKeyID());
        assertThat(answer.body().at("/keys/0/crv").asText()).isEqualTo("P-256");
        assertThat(answer.body().at("/keys/0/d").isMissingNode()).isTrue();
    }

    @Test
    void the_first_key_signs_and_all_are_published() throws Exception {
        var next = new ECKeyGenerator(Curve.P_256).keyID("next").generate();
        var old = new ECKeyGenerator(Curve.P_256).keyID("old").generate();

        SigningKeys keys = new SigningKeys(file(new JWKSet(List.of(next, old.toPublicJWK()))));

        assertThat(keys.current().id()).isEqualTo("next");
        assertThat(JWKSet.parse(keys.current().published()).getKeys())
                .extracting(key -> key.getKeyID() + " " + key.isPrivate())
                .containsExactly("next false", "old false");
    }

    @Test
    void a_key_is_changed_without_a_restart_and_a_broken_file_changes_nothing() throws Exception {
        var next = new ECKeyGenerator(Curve.P_256).keyID("next").generate();
        var old = new ECKeyGenerator(Curve.P_256).keyID("old").generate();
        Path file = Path.of(file(new JWKSet(old)));
        SigningKeys keys = new SigningKeys(file.toString());

        Files.writeString(file, new JWKSet(List.of(next, old.toPublicJWK())).toString(false));
        keys.reload();

        assertThat(keys.current().id()).isEqualTo("next");
        assertThat(keys.current().published()).contains("\"old\"");

        Files.writeString(file, "half a file");
        assertThatThrownBy(keys::reload).hasMessageContaining("not a JWKS document");
        assertThat(keys.current().id()).isEqualTo("next");
    }

    @Test
    void a_file_that_cannot_be_used_is_refused_in_one_line() throws Exception {
        var publicOnly = new ECKeyGenerator(Curve.P_256).keyID("a").generate().toPublicJWK();
        var anonymous = new ECKeyGenerator(Curve.P_256).generate();
        var rsa = new RSAKeyGenerator(2048).keyID("r").generate();

        assertRefused("", "TAILRACE_SIGNING_KEY_FILE is not set");
        assertRefused(folder.resolve("missing").toString(), "cannot be read");
        assertRefused(Files.writeString(folder.resolve("text"), "secret!").toString(), "not a JWKS document");
        assertRefused(file(new JWKSet(publicOnly)), "expected a private key first");
        assertRefused(file(new JWKSet(anonymous)), "with a kid");
        assertRefused(file(new JWKSet(rsa)), "expected P-256 keys");
        assertRefused(file(new JWKSet()), "expected a private key first");
    }

    private static void assertRefused(String file, String reason) {
        assertThatThrownBy(() -> new SigningKeys(file))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(reason)
                .hasMessageNotContaining("secret!");
    }

    private String file(JWKSet keys) throws Exception {
        return Files.writeString(Files.createTempFile(folder, "keys", ".json"), keys.toString(false))
                .toString();
    }
}
