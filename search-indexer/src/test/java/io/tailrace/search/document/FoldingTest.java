package io.tailrace.search.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UCharacterCategory;
import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.text.Transliterator;
import com.ibm.icu.text.UnicodeSet;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.zip.CRC32;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldingTest {
    /** Letters and what combines with them, of scripts with rules of their own. */
    private static final List<String> PIECES = List.of(
            "a", "E", "e", " ", "\u0301", "\u0308", "\u0327", "\u0345", "İ", "ı", "ß", "ẞ", "Σ", "ς", "Ł", "Æ", "Þ",
            "ﬁ", "Ё", "й", "Ґ", "か", "\u3099", "ｶ", "ﾞ", "각", "\u1100", "\u1161", "\u11a8", "क", "\u093f", "\u094d",
            "\u093c", "ก", "\u0e49", "א", "\u05b8", "ب", "\u064e", "😀", "🏽", "\u200d", "\u00ad", "\ufe0f", "🇩", "🇪",
            "<", "\u0338", "Ａ", "½", "ﷺ", "´", "-", "—", "’", "٣", "\ud83d", "\ude00", "\r", "\n");

    @ParameterizedTest
    @CsvSource({
        "ВАНОВ, ванов",
        "Ёлкин, елкин",
        "ÜLLERSCH, ullersch",
        "ΑΠΑΔΌΠΟΥΛΟΣ, απαδοπουλοσ",
        "απαδόπουλος, απαδοπουλοσ",
        "Łukasz, lukasz",
        "Øystein Ærø, oystein aero",
        "Zoe\u0308, zoe",
        "İIıi, iiii",
        "STRAẞE Straße, strasse strasse",
        "Þórður, thordur",
        "ﬁ Ａｂ １ ㎏, fi ab 1 kg",
        "O’Brien — “x”, o'brien - \"x\"",
        "ｶﾞ, ガ",
        "\u1100\u1161\u11a8, 각",
        "कि क़ क्, कि क\u093c क्",
        "น้ำ, น้\u0e4dา",
        "שָׁלוֹם, שלום",
        "مُحَمَّد, محمد",
        "zu\u00adsammen\u200b, zusammen",
        "٣٢١ ३२१, 321 321",
        "\u0301\u0308, \u0301\u0308",
        "´, ' \u0301'",
        "Đặng Hùng, dang hung",
    })
    void aTextLosesWhatMakesNoDifference(String text, String folded) {
        assertThat(Folding.of(text)).isEqualTo(folded);
    }

    @Test
    void everyFoldedCharacterKnowsWhereItComesFrom() {
        FoldedText folded = Folding.withPlaces("aİe\u0301\u0308ﬁ😀\u00adx");

        assertThat(folded.text()).isEqualTo("aiefi😀x");
        assertThat(List.of(folded.from(1), folded.to(1))).containsExactly(1, 2);
        assertThat(List.of(folded.from(2), folded.to(2))).containsExactly(2, 5);
        assertThat(List.of(folded.from(3), folded.to(3))).containsExactly(5, 6);
        assertThat(List.of(folded.from(4), folded.to(4))).containsExactly(5, 6);
        assertThat(List.of(folded.from(5), folded.to(6))).containsExactly(6, 9);
        assertThat(List.of(folded.from(7), folded.to(7))).containsExactly(9, 10);
    }

    @Test
    void marksWithoutEndTakeNoTimeAndNoLetter() {
        assertThat(Folding.of("a" + "\u0301\u0327".repeat(50_000) + "b")).isEqualTo("ab");
    }

    @Property
    void foldingTwiceChangesNothing(@ForAll("texts") String text) {
        String once = Folding.of(text);
        assertThat(Folding.of(once)).isEqualTo(once);
    }

    @Property
    void placesCoverTheSourceInItsOrderWithoutCuttingAPair(@ForAll("texts") String text) {
        FoldedText folded = Folding.withPlaces(text);
        assertThat(folded.text()).isEqualTo(Folding.of(text));
        int before = 0;
        for (int i = 0; i < folded.text().length(); i++) {
            assertThat(folded.from(i)).isGreaterThanOrEqualTo(before).isLessThan(folded.to(i));
            before = folded.from(i);
            assertThat(isInsidePair(text, folded.from(i)) || isInsidePair(text, folded.to(i)))
                    .isFalse();
        }
        assertThat(before).isLessThanOrEqualTo(text.length());
    }

    @Property
    void whatIsSureOfAPartIsInEveryFoldedTextWithThatPart(
            @ForAll("texts") String before, @ForAll("texts") String part, @ForAll("texts") String after) {
        assertThat(Folding.of(before + part + after)).contains(Folding.sure(part));
    }

    @Test
    void lettersWithoutDecompositionAreThoseOfCldr() {
        Normalizer2 folding = Normalizer2.getNFKCCasefoldInstance();
        Normalizer2 decomposition = Normalizer2.getNFDInstance();
        Transliterator ascii = Transliterator.getInstance("Latin-ASCII");
        TreeMap<Integer, String> expected = new TreeMap<>();
        for (String letter : new UnicodeSet("[[:Latin:][:Pd:][:Pi:][:Pf:]\\u02BC]")) {
            decomposition
                    .normalize(folding.normalize(letter))
                    .codePoints()
                    .filter(c ->
                            c >= 0x80 && c != 0x2d0 && UCharacter.getType(c) != UCharacterCategory.NON_SPACING_MARK)
                    .forEach(c -> {
                        String plain =
                                ascii.transliterate(Character.toString(c)).toLowerCase(Locale.ROOT);
                        if (plain.chars().allMatch(each -> each < 0x80)) {
                            expected.put(c, plain);
                        }
                    });
        }
        assertThat(new TreeMap<>(Letters.all())).isEqualTo(expected);
    }

    /**
     * Documents that were folded otherwise would not be found. Whoever changes the folding, or the library, raises the
     * mapping versions of all indexes together with this number.
     */
    @Test
    void theFoldingIsTheOneOfTheMappingVersions() {
        CRC32 all = new CRC32();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                all.update(Folding.of(Character.toString(c)).getBytes(StandardCharsets.UTF_8));
            }
        }
        assertThat(List.of(
                        all.getValue(),
                        new UserIndex().mappingVersion(),
                        new PostIndex().mappingVersion(),
                        new ShowIndex().mappingVersion()))
                .isEqualTo(List.of(1_288_796_618L, 5, 5, 4));
    }

    @Provide
    static Arbitrary<String> texts() {
        return Arbitraries.of(PIECES).list().ofMaxSize(12).map(pieces -> String.join("", pieces));
    }

    private static boolean isInsidePair(String text, int index) {
        return index > 0
                && index < text.length()
                && Character.isSurrogatePair(text.charAt(index - 1), text.charAt(index));
    }
}
