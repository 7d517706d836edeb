package io.tailrace.contracts.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ExcerptTest {
    @Test
    void aLongTextIsCutBehindAWholeCharacter() {
        assertThat(Excerpt.of("abc", 3)).isEqualTo("abc");
        assertThat(Excerpt.of("abcd", 3)).isEqualTo("abc…");
        assertThat(Excerpt.of("ab😀d", 3)).isEqualTo("ab…");
        assertThat(Excerpt.of("ab😀d", 4)).isEqualTo("ab😀…");
        assertThat(Excerpt.beginning("ab😀d", 3)).isEqualTo("ab");
    }

    @Property
    void whateverIsLeftIsValidUnicode(@ForAll char[] units, @ForAll @IntRange(max = 30) int maxLength) {
        String excerpt = Excerpt.of(new String(units), maxLength);
        assertThat(new String(excerpt.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(excerpt);
        assertThat(excerpt.length()).isLessThanOrEqualTo(maxLength + 1);
    }
}
