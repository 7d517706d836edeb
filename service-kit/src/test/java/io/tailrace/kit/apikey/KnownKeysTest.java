package io.tailrace.kit.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.security.Verification;
import io.tailrace.kit.security.Verification.Invalid;
import io.tailrace.kit.security.Verification.Reason;
import io.tailrace.kit.security.Verification.Valid;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownKeysTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    private final KnownKeys keys = new KnownKeys();
    private final String text = ApiKeyText.generate(new SecureRandom());

    @Test
    void aKeySaysWhatATokenWouldSay() {
        ApiKey key = key("etl", null);
        keys.take(recordKey(key), Json.write(key));

        assertThat(keys.verify(text, NOW)).isInstanceOfSatisfying(Valid.class, valid -> {
            assertThat(valid.grants()).isEqualTo(key.grants());
            assertThat(valid.grants().subject()).isEqualTo("etl");
            assertThat(valid.tokenId()).isEqualTo("api-key:" + key.id());
            // An edge turns it into milliseconds.
            assertThat(valid.expiresAt().toEpochMilli()).isGreaterThan(NOW.toEpochMilli());
        });
    }

    @Test
    void aKeyEndsAtItsTime() {
        ApiKey key = key("etl", NOW.plusSeconds(1));
        keys.take(recordKey(key), Json.write(key));

        assertThat(keys.verify(text, NOW)).isInstanceOf(Valid.class);
        assertThat(reason(keys.verify(text, NOW.plusSeconds(1)))).isEqualTo(Reason.EXPIRED);
    }

    @Test
    void aRevokedKeyIsUnknownAndWhoseItWasIsTold() {
        ApiKey key = key("etl", null);
        keys.take(recordKey(key), Json.write(key));

        assertThat(keys.has(key.id().toString())).isTrue();
        assertThat(keys.take(recordKey(key), null)).contains(key);
        assertThat(keys.has(key.id().toString())).isFalse();
        assertThat(keys.take(recordKey(key), null)).isEmpty();
        assertThat(reason(keys.verify(text, NOW))).isEqualTo(Reason.UNKNOWN_API_KEY);
        assertThat(keys.recordKey(key.id().toString())).isEmpty();
    }

    @Test
    void whatALaterReadingHasNotIsVoid() {
        ApiKey key = key("etl", null);
        ApiKey other = key("other", null);
        String otherRecord = FactKeys.of(other.subject(), ApiKeyText.hash(ApiKeyText.generate(new SecureRandom())));
        keys.take(recordKey(key), Json.write(key));
        keys.take(otherRecord, Json.write(other));
        KnownKeys later = new KnownKeys();
        later.take(otherRecord, Json.write(other));

        assertThat(keys.voidIn(later)).containsExactly(key);
        assertThat(later.voidIn(keys)).isEmpty();
        assertThat(keys.voidIn(new KnownKeys())).containsExactlyInAnyOrder(key, other);
    }

    @Test
    void whatCannotBeReadLetsNobodyIn() {
        ApiKey key = key("etl", null);
        keys.take(recordKey(key), Json.write(key));

        assertThat(keys.take(recordKey(key), "{\"subject\":\"etl\"}".getBytes(StandardCharsets.UTF_8)))
                .contains(key);

        assertThat(reason(keys.verify(text, NOW))).isEqualTo(Reason.UNKNOWN_API_KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tlk_", "tlk_short", "tlk_äaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "tlk_a.b.c"})
    void whatIsNoKeyIsMalformed(String malformed) {
        assertThat(reason(keys.verify(malformed, NOW))).isEqualTo(Reason.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a/b", "a\nb"})
    void aSubjectThatTheLogCannotKeepIsRefused(String subject) {
        assertThatIllegalArgumentException().isThrownBy(() -> key(subject, null));
    }

    @Test
    void keysAreNotAlikeAndTheirHashDoesNotTellThem() {
        String other = ApiKeyText.generate(new SecureRandom());

        assertThat(other).isNotEqualTo(text);
        assertThat(ApiKeyText.isWellFormed(other)).isTrue();
        assertThat(ApiKeyText.hash(other)).hasSize(64).isNotEqualTo(ApiKeyText.hash(text));
    }

    private static ApiKey key(String subject, @Nullable Instant expiresAt) {
        return new ApiKey(
                UUID.randomUUID(),
                subject,
                List.of("service"),
                List.of("logs:*"),
                List.of("logs:a"),
                List.of(),
                NOW,
                expiresAt);
    }

    private String recordKey(ApiKey key) {
        return FactKeys.of(key.subject(), ApiKeyText.hash(text));
    }

    private static Reason reason(Verification verification) {
        return ((Invalid) verification).reason();
    }
}
