package io.tailrace.edge.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.edge.watch.SentWindows.Step;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchCursorTest {
    private static final WatchCursor CURSOR =
            new WatchCursor(-7, 42, 1_000, new SentWindows(List.of(new Step(5_000, 10), new Step(9_000, 12))), "AgEB");

    @Test
    void whatIsWrittenIsRead() throws Exception {
        String text = CURSOR.encode("m", "1s", 9);

        assertThat(WatchCursor.decode(text, "m", "1s", 9)).isEqualTo(CURSOR);
        assertThat(text).hasSizeLessThan(150).matches("[A-Za-z0-9_-]+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "not base64!", "AAAA", "AgEBAgEBAgEBAgEBAgEBAgEBAgEBAgEBAgEBAgEBAgEBAgEBAgEBAgEBAgEB"})
    void somethingElseIsRefused(String text) {
        assertThatThrownBy(() -> WatchCursor.decode(text, "m", "1s", 9)).isInstanceOf(WatchCursor.Malformed.class);
    }

    @Test
    void oneOfAnotherMetricOrResolutionIsRefused() {
        String text = CURSOR.encode("m", "1s", 9);

        for (String[] other : new String[][] {{"n", "1s", "9"}, {"m", "10s", "9"}, {"m", "1s", "8"}}) {
            assertThatThrownBy(() -> WatchCursor.decode(text, other[0], other[1], Long.parseLong(other[2])))
                    .isInstanceOf(WatchCursor.Malformed.class)
                    .hasMessageContaining("another metric, resolution or range");
        }
    }

    @Test
    void oneThatWasChangedOrCutIsRefused() {
        String text = CURSOR.encode("m", "1s", 9);

        for (int i = 0; i < text.length(); i++) {
            String damaged = text.substring(0, i) + (text.charAt(i) == 'A' ? 'B' : 'A') + text.substring(i + 1);
            assertThatThrownBy(() -> WatchCursor.decode(damaged, "m", "1s", 9))
                    .isInstanceOf(WatchCursor.Malformed.class);
            String cut = text.substring(0, i);
            assertThatThrownBy(() -> WatchCursor.decode(cut, "m", "1s", 9)).isInstanceOf(WatchCursor.Malformed.class);
        }
        assertThatThrownBy(() -> WatchCursor.decode("A".repeat(10_000), "m", "1s", 9))
                .hasMessageContaining("10000 characters");
    }
}
