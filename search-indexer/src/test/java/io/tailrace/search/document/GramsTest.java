package io.tailrace.search.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class GramsTest {
    @Test
    void aValueHasThePieceAtEachOfItsCharacters() {
        assertThat(Grams.of("ABab")).containsExactly("ABa", "Bab", "ab", "b");
        assertThat(Grams.of("é😀x")).containsExactly("é😀x", "😀x", "x");
        assertThat(Grams.of("aaaa")).containsExactly("aaa", "aaa", "aa", "a");
        assertThat(Grams.of("")).isEmpty();
        assertThat(Grams.of("a".repeat(Grams.MAX_PIECES + 1))).hasSize(Grams.MAX_PIECES);
    }

    @Test
    void aShortPartRequiresItselfAndALongOneABoundedNumberOfPieces() {
        assertThat(Grams.required("A1")).containsExactly("A1");
        assertThat(Grams.required("191954")).containsExactly("191", "919", "195", "954");
        assertThat(Grams.required("0123456789".repeat(20))).hasSizeLessThanOrEqualTo(20);
    }

    @Test
    void aPartIsThePhraseOfItsPieces() {
        assertThat(Grams.phrase("19195")).containsExactly("191", "919", "195");
        assertThat(Grams.phrase("A b")).containsExactly("A b");
        assertThat(Grams.phrase("ab")).isEmpty();
    }

    @Property
    void thePhraseOfAPartIsInAValueIfAndOnlyIfThePartIs(
            @ForAll @StringLength(max = 40) @CharRange(from = 'a', to = 'c') String value,
            @ForAll @StringLength(min = 3, max = 6) @CharRange(from = 'a', to = 'c') String part) {
        assertThat(Collections.indexOfSubList(Grams.of(value), Grams.phrase(part)))
                .isEqualTo(value.indexOf(part));
    }

    @Property
    void aValueHasWhateverAnyOfItsPartsRequires(
            @ForAll @StringLength(max = 200) String value,
            @ForAll @IntRange(max = 200) int a,
            @ForAll @IntRange(max = 200) int b) {
        int points = value.codePointCount(0, value.length());
        int from = value.offsetByCodePoints(0, Math.min(points, Math.min(a, b)));
        int to = value.offsetByCodePoints(0, Math.min(points, Math.max(a, b)));
        List<String> pieces = Grams.of(value);
        assertThat(Grams.required(value.substring(from, to)))
                .allMatch(wanted -> Grams.isBeginning(wanted)
                        ? pieces.stream().anyMatch(piece -> piece.startsWith(wanted))
                        : pieces.contains(wanted));
    }
}
