package io.tailrace.contracts.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartPositionTest {
    @Test
    void theThreeKindsAreRead() {
        assertThat(StartPosition.parse("live")).isEqualTo(new StartPosition.Live());
        assertThat(StartPosition.parse("earliest")).isEqualTo(new StartPosition.Earliest());
        assertThat(StartPosition.parse("last:1")).isEqualTo(new StartPosition.Last(1));
        assertThat(StartPosition.parse("last:1000")).isEqualTo(new StartPosition.Last(StartPosition.MAX_LAST));
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "earliest", "last:50"})
    void itsTextReadsBackToItself(String text) {
        assertThat(StartPosition.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Live",
                "live ",
                "live\n",
                "latest",
                "last",
                "last:",
                "last:0",
                "last:1001",
                "last:-1",
                "last:+1",
                "last:1.5",
                "last:٣",
                "last:9999999999",
                "0"
            })
    void anythingElseIsRefusedWithWhatWasExpected(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StartPosition.parse(text))
                .withMessageContaining("expected")
                .withMessageStartingWith("start \"")
                .withMessageNotContainingAny("\n");
    }
}
