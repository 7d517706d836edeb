package io.tailrace.search.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.search.document.SearchField;
import io.tailrace.search.document.UserIndex;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class HighlightsTest {
    private static final List<SearchField> FIELDS = new UserIndex()
            .fields().stream().filter(field -> field.kind().hasParts()).toList();

    @Test
    void marksPartsInWhateverCase() {
        assertThat(marks("LOVE", Map.of("email", "ada.lovelace@example.org", "name", "Ada")))
                .containsExactly(Map.entry("email", List.of("ada.<em>love</em>lace@example.org")));
    }

    @Test
    void marksDigitsAcrossWhatStandsBetweenThem() {
        assertThat(marks("191954", Map.of("phone", "+44 (0)19 19-54 9")))
                .containsExactly(Map.entry("phone", List.of("+44 (0)<em>19 19-54</em> 9")));
    }

    @Test
    void escapesEverythingElse() {
        assertThat(marks("b>", Map.of("name", "<b>&\"'")))
                .containsExactly(Map.entry("name", List.of("&lt;<em>b&gt;</em>&amp;&quot;&#39;")));
    }

    @Test
    void marksTheWordThatWasMeantWhereTheTypedOneStandsNowhere() {
        assertThat(marks("lovelase", Map.of("name", "Ada Lovelace")))
                .containsExactly(Map.entry("name", List.of("Ada <em>Lovelace</em>")));
        assertThat(marks("adda lovelaec", Map.of("name", "Ada Lovelace")))
                .containsExactly(Map.entry("name", List.of("<em>Ada</em> <em>Lovelace</em>")));
    }

    @Test
    void marksOfWhatMayHaveBeenMeantTheNearest() {
        assertThat(marks("lovelase", Map.of("name", "Lovelaces, Lovelace, Lovelass and Loveland")))
                .containsExactly(
                        Map.entry("name", List.of("Lovelaces, <em>Lovelace</em>, <em>Lovelass</em> and Loveland")));
    }

    @Test
    void marksNoMistakeBesideTheWordItself() {
        assertThat(marks("lovelace", Map.of("name", "Lovelace, not Loveland")))
                .containsExactly(Map.entry("name", List.of("<em>Lovelace</em>, not Loveland")));
        assertThat(marks("lov", Map.of("name", "Ada Lovelace, Low")))
                .containsExactly(Map.entry("name", List.of("Ada <em>Lov</em>elace, Low")));
    }

    @Test
    void marksWordsThatHaveSomethingBetweenThem() {
        assertThat(marks("(ada-love)", Map.of("name", "Lovelace Ada")))
                .containsExactly(Map.entry("name", List.of("<em>Love</em>lace <em>Ada</em>")));
    }

    @Test
    void marksNoMistakesOfSoManyWordsThatTheyAreNotLookedFor() {
        assertThat(marks("a b c d e f g h lovelase", Map.of("name", "Lovelace")))
                .doesNotContainValue(List.of("<em>Lovelace</em>"));
    }

    @Test
    void showsOfALongValueTheSurroundingsAlone() {
        String value = "x".repeat(500) + "needle" + "y".repeat(500);
        String shown = marks("needle", Map.of("name", value))
                .values()
                .iterator()
                .next()
                .getFirst();
        assertThat(shown)
                .hasSizeLessThan(250)
                .startsWith("…")
                .contains("x<em>needle</em>y")
                .endsWith("…");
    }

    @Test
    void marksWhatItTookForTheSameWhereTheLengthChanges() {
        assertThat(marks("istan", Map.of("name", "İİ İstanbul")))
                .containsExactly(Map.entry("name", List.of("İİ <em>İstan</em>bul")));
        assertThat(marks("ss", Map.of("name", "Großes Weiß")))
                .containsExactly(Map.entry("name", List.of("Gro<em>ß</em>es Wei<em>ß</em>")));
        assertThat(marks("fi", Map.of("name", "ﬁn"))).containsExactly(Map.entry("name", List.of("<em>ﬁ</em>n")));
        assertThat(marks("e", Map.of("name", "Øystein Ærø")))
                .containsExactly(Map.entry("name", List.of("Øyst<em>e</em>in <em>Æ</em>rø")));
    }

    @Test
    void cutsNoCharacterThatAPersonSeesAsOne() {
        assertThat(marks("zoe", Map.of("name", "Zoe\u0308x")))
                .containsExactly(Map.entry("name", List.of("<em>Zoe\u0308</em>x")));
        assertThat(marks("👩", Map.of("name", "a👩\u200d🚀b")))
                .containsExactly(Map.entry("name", List.of("a<em>👩\u200d🚀</em>b")));
        assertThat(marks("क", Map.of("name", "कि"))).containsExactly(Map.entry("name", List.of("<em>कि</em>")));
        assertThat(marks("\r", Map.of("name", "a\r\nb"))).isEmpty();
    }

    @Property
    void whateverIsShownOfALongValueIsWholeCharacters(
            @ForAll @IntRange(max = 90) int before, @ForAll @IntRange(max = 3) int shift) {
        String family = "👨\u200d👩\u200d👧";
        String value = "x".repeat(shift) + family.repeat(before) + "needle" + family.repeat(60);
        String shown = marks("needle", Map.of("name", value))
                .values()
                .iterator()
                .next()
                .getFirst();

        String rest = shown.replace("…", "").replace("<em>needle</em>", "").replace(family, "");
        assertThat(rest).matches("x{0,3}");
        assertThat(shown).contains("<em>needle</em>");
    }

    @Test
    void marksThePartThatStandsFarBehind() {
        String value = "Немного ".repeat(600) + "Ёлкин 😀";
        assertThat(marks("елк", Map.of("name", value))
                        .values()
                        .iterator()
                        .next()
                        .getFirst())
                .startsWith("…")
                .endsWith("<em>Ёлк</em>ин 😀");
    }

    private static Map<String, List<String>> marks(String q, Map<String, Object> document) {
        return Highlights.of(new TextQuery(q, FIELDS), document);
    }
}
