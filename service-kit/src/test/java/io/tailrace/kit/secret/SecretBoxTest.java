package io.tailrace.kit.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretBoxTest {
    private static final String KEY = Base64.getEncoder()
            .encodeToString("0123456789abcdef0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

    private final SecretBox box = new SecretBox("key", KEY);

    @Test
    void aSecretComesOutAsItWentIn() {
        String kept = box.seal("one", "whsec_grüße");

        assertThat(kept).startsWith("v1:").doesNotContain("whsec");
        assertThat(box.open("one", kept)).isEqualTo("whsec_grüße");
        assertThat(box.seal("one", "whsec_grüße")).isNotEqualTo(kept);
    }

    @Test
    void itOpensForNobodyElseAndWithNoOtherKey() {
        String kept = box.seal("one", "secret");
        int middle = kept.length() / 2;
        char other64 = kept.charAt(middle) == 'A' ? 'B' : 'A';
        String changed = kept.substring(0, middle) + other64 + kept.substring(middle + 1);
        SecretBox other = new SecretBox("key", Base64.getEncoder().encodeToString(new byte[32]));
        SecretBox none = new SecretBox("key", "");

        assertThatThrownBy(() -> box.open("two", kept)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> box.open("one", changed)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> other.open("one", kept)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> none.open("one", kept)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> box.open("one", "nonsense")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatWasKeptWithoutAKeyOpensWithOne() {
        SecretBox none = new SecretBox("key", "");

        assertThat(none.hasKey()).isFalse();
        assertThat(box.open("one", none.seal("one", "secret"))).isEqualTo("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret-in-error", "c2hvcnQ=", " "})
    void aKeyThatIsNoneIsRefusedWithoutBeingRepeated(String key) {
        assertThatThrownBy(() -> new SecretBox("tailrace.x", key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("tailrace.x: expected 32 bytes")
                .hasMessageNotContaining("secret-in-error");
    }
}
