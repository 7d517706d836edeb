package io.tailrace.kit.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.ECKey;
import io.micronaut.context.ApplicationContext;
import io.tailrace.kit.security.Verification.Invalid;
import io.tailrace.kit.security.Verification.Reason;
import io.tailrace.kit.security.Verification.Valid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErasedBearerTest {
    @Test
    void a_token_of_somebody_who_was_erased_is_refused_also_if_it_was_good_before(@TempDir Path folder)
            throws IOException {
        ECKey key = Tokens.ecKey("key");
        Path keys = Files.writeString(folder.resolve("jwks.json"), Tokens.jwks(key.toPublicJWK()));
        try (ApplicationContext context = ApplicationContext.run(Map.of(
                "tailrace.jwks.file",
                keys.toString(),
                "tailrace.erased-people.enabled",
                false,
                "tailrace.api-keys.enabled",
                false))) {
            TokenVerifier verifier = context.getBean(TokenVerifier.class);
            String token = Tokens.sign(
                    key, Tokens.claims(Instant.now()).subject("erased").build());
            String other = Tokens.sign(
                    key, Tokens.claims(Instant.now()).subject("another").build());
            assertThat(verify(verifier, token)).isInstanceOf(Valid.class);
            assertThat(verifier.isVoid(token, "erased")).isFalse();

            verifier.refuseBearers("erased"::equals);

            assertThat(verify(verifier, token)).isEqualTo(new Invalid(Reason.ERASED));
            assertThat(verifier.verify(token)).isEqualTo(new Invalid(Reason.ERASED));
            assertThat(verify(verifier, other)).isInstanceOf(Valid.class);
            assertThat(verifier.isVoid(token, "erased")).isTrue();
            assertThat(verifier.isVoid(other, "another")).isFalse();

            // A key is void when it is unknown, and not because it has ended or because keys can't be read.
            verifier.acceptKeys(text -> {
                boolean isKey = text.startsWith("tlk_");
                return isKey ? new Invalid(Reason.valueOf(text.substring(4))) : null;
            });
            assertThat(verifier.isVoid("tlk_UNKNOWN_API_KEY", "another")).isTrue();
            assertThat(verifier.isVoid("tlk_EXPIRED", "another")).isFalse();
            assertThat(verifier.isVoid("tlk_KEYS_UNAVAILABLE", "another")).isFalse();
            assertThat(verifier.isVoid(other, "another")).isFalse();
        }
    }

    private static Verification verify(TokenVerifier verifier, String token) {
        return verifier.verifyOrRefresh(token).toCompletableFuture().join();
    }
}
