package io.tailrace.contracts.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelPatternTest {
    @ParameterizedTest
    @CsvSource({
        "metrics,metrics",
        "logs:workspace123:*,logs:workspace123:workflow456",
        "logs:*:run,logs:a:run",
        "*:42,feed:42",
        "*,metrics",
        "*:*,feed:42",
        "**,metrics",
        "**,a:b:c:d:e:f:g:h"
    })
    void itCoversTheChannelsThatItNames(String pattern, String channel) {
        assertThat(ChannelPattern.parse(pattern).matches(new Channel(channel))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "metrics,metric",
        "metrics,metrics:1",
        "logs:workspace123:*,logs:workspace123",
        "logs:workspace123:*,logs:workspace123:a:b",
        "logs:workspace123:*,logs:workspace124:a",
        "logs:workspace1:*,logs:workspace123:a",
        "logs:workspace123:*,feed:workspace123:a",
        "feed:4,feed:42",
        "feed:42,feed:4",
        "*,feed:42",
        "feed:*,feed"
    })
    void itCoversNoOther(String pattern, String channel) {
        assertThat(ChannelPattern.parse(pattern).matches(new Channel(channel))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "***",
                "**:a",
                "feed:**",
                "feed:4*",
                "feed:*2",
                "Feed:*",
                "feed:",
                ":*",
                "feed:*\n",
                "feed:\u0000",
                "a:*:*:*:*:*:*:*:*"
            })
    void whatIsNotOneIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChannelPattern.parse(text))
                .withMessageContaining("expected a channel name in which a whole part may be \"*\"")
                .withMessageNotContainingAny("\n", "\u0000");
    }

    @Test
    void itsPartsCannotDifferFromItsText() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ChannelPattern("feed:1", List.of("feed", "*")));
        assertThatIllegalArgumentException().isThrownBy(() -> new ChannelPattern("feed:1", List.of("feed:1")));
    }
}
