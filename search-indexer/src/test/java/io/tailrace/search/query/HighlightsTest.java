package io.tailrace.search.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.search.document.SearchField;
import io.tailrace.search.document.UserIndex;
import java.util.List;
import java.util.Map;
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

    private static Map<String, List<String>> marks(String q, Map<String, Object> document) {
        return Highlights.of(new TextQuery(q, FIELDS), document);
    }
}
