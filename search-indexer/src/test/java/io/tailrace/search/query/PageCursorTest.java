package io.tailrace.search.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PageCursorTest {
    @Test
    void saysWhatItWasMadeOf() {
        PageCursor cursor = new PageCursor(PageCursor.fingerprint("q"), List.of(1.5, 7L, -1L), "c25hcA==");
        assertThat(PageCursor.parse(cursor.text())).hasValue(cursor);
        assertThat(cursor.text()).matches("[A-Za-z0-9_-]+");
    }

    @Test
    void noticesWhenOneCharacterIsAnother() {
        String text = new PageCursor(1, List.of(2L), "snapshot").text();
        for (int i = 0; i < text.length() - 1; i++) {
            char other = text.charAt(i) == 'A' ? 'B' : 'A';
            String damaged = text.substring(0, i) + other + text.substring(i + 1);
            assertThat(PageCursor.parse(damaged)).as(damaged).isEmpty();
        }
        assertThat(PageCursor.parse(text.substring(1))).isEmpty();
        assertThat(PageCursor.parse("A".repeat(10_000))).isEmpty();
    }

    @Property
    void takesAnythingForACursorOrNot(@ForAll String text) {
        assertThat(PageCursor.parse(text)).isEmpty();
    }
}
