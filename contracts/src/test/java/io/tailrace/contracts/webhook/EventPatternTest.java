package io.tailrace.contracts.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventPatternTest {
    @ParameterizedTest
    @CsvSource({
        "*, user.created, true",
        "*, '', true",
        "user.*, user.created, true",
        "user.*, user., true",
        "user.*, user, false",
        "user.*, '', false",
        "user.created, user.created, true",
        "user.created, user.created.x, false",
        "user.created, User.created, false",
    })
    void aTypeIsCoveredByItselfAndByItsBeginning(String pattern, String type, boolean isCovered) {
        assertThat(new EventPattern(pattern).matches(type)).isEqualTo(isCovered);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "**", "*.created", "user.*.x", "1a", "a b", "a,b"})
    void whatIsNoPatternIsRefused(String text) {
        assertThatThrownBy(() -> new EventPattern(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secretsecret",
                "whsec_",
                "whsec_c2hvcnQ=",
                "whsec_!!",
                "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
            })
    void whatIsNoSecretIsRefusedWithoutBeingRepeated(String text) {
        assertThatThrownBy(() -> new WebhookSecret(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secretsecret");
    }

    @Test
    void aSecretIsMadeOfBytesAndNotShown() {
        WebhookSecret secret = WebhookSecret.of(new byte[24]);

        assertThat(secret.text()).isEqualTo("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        assertThat(secret).hasToString("whsec_…");
    }
}
