package io.tailrace.search.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.search.query.NearWords.Word;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class NearWordsTest {
    @Test
    void words_are_letters_and_digits_with_apostrophes_between_them() {
        assertThat(NearWords.words("it's 3 o'clock, zoë\u2014\u00e4rger 日本", 100).stream()
                        .map(Word::text))
                .containsExactly("it's", "3", "o'clock", "zoë", "ärger", "日本");
        assertThat(NearWords.words("one two three", 2)).containsExactly(new Word("one", 0, 3), new Word("two", 4, 7));
        assertThat(NearWords.words("'the dogs\u2019' \u2019tis", 100).stream().map(Word::text))
                .containsExactly("the", "dogs", "tis");
        assertThat(NearWords.words("a'".repeat(100_000), 100)).hasSize(1);
        assertThat(NearWords.words("", 100)).isEmpty();
        assertThat(NearWords.words(" ,;-", 100)).isEmpty();
    }

    @Test
    void an_error_is_a_letter_too_many_too_few_wrong_or_with_its_neighbour() {
        assertThat(errors("search", "searchh", 2)).isEqualTo(1);
        assertThat(errors("search", "serch", 2)).isEqualTo(1);
        assertThat(errors("search", "seerch", 2)).isEqualTo(1);
        assertThat(errors("search", "saerch", 2)).isEqualTo(1);
        assertThat(errors("search", "saechr", 2)).isEqualTo(3);
        // The first letter is taken for right.
        assertThat(errors("search", "zearch", 2)).isEqualTo(3);
        assertThat(errors("\ud83d\ude00ab", "\ud83d\ude01ab", 2)).isEqualTo(3);
        assertThat(errors("a\ud83d\ude00b", "a\ud83d\ude01b", 2)).isEqualTo(1);
    }

    @Test
    void short_words_may_have_fewer_errors() {
        assertThat(nearest("ab", "ac abc")).isEmpty();
        assertThat(nearest("abc", "abd axy")).containsExactly("abd");
        assertThat(nearest("abcde", "abcdxy abcd")).containsExactly("abcd");
        assertThat(nearest("abcdef", "abcdxy axydef xbcdef")).containsExactly("abcdxy", "axydef");
    }

    @Test
    void the_word_itself_leaves_no_other_near() {
        assertThat(nearest("abcdef", "abcdxy abcdef abcde")).containsExactly("abcdef");
    }

    @Property(tries = 2_000)
    void a_word_with_so_many_errors_is_at_most_so_far_away(
            @ForAll @CharRange(from = 'a', to = 'd') @StringLength(min = 6, max = 12) String word,
            @ForAll @IntRange(min = 1, max = 11) int at,
            @ForAll @CharRange(from = 'a', to = 'd') char letter) {
        int place = Math.min(at, word.length() - 1);
        List<String> mistakes = List.of(
                new StringBuilder(word).insert(place, letter).toString(),
                new StringBuilder(word).deleteCharAt(place).toString(),
                word.substring(0, place) + letter + word.substring(place + 1));

        assertThat(mistakes).allSatisfy(mistake -> {
            assertThat(errors(word, mistake, 2)).isLessThanOrEqualTo(1);
            assertThat(errors(mistake, word, 2)).isEqualTo(errors(word, mistake, 2));
        });
    }

    @Property(tries = 2_000)
    void the_distance_is_the_one_of_the_textbook(
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(min = 1, max = 7) String a,
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(min = 1, max = 7) String b) {
        int expected = "a".concat(a).equals("a".concat(b)) ? 0 : Math.min(3, textbook("a" + a, "a" + b));
        assertThat(errors("a" + a, "a" + b, 2)).isEqualTo(expected);
    }

    /** By its recursive definition, which is slow and plain. */
    private static int textbook(String a, String b) {
        if (a.isEmpty() || b.isEmpty()) {
            return a.length() + b.length();
        }
        String lessA = a.substring(1);
        String lessB = b.substring(1);
        int best = IntStream.of(
                        textbook(lessA, lessB) + (a.charAt(0) == b.charAt(0) ? 0 : 1),
                        textbook(lessA, b) + 1,
                        textbook(a, lessB) + 1)
                .min()
                .orElseThrow();
        if (a.length() > 1 && b.length() > 1 && a.charAt(0) == b.charAt(1) && a.charAt(1) == b.charAt(0)) {
            best = Math.min(best, textbook(a.substring(2), b.substring(2)) + 1);
        }
        return best;
    }

    private static int errors(String typed, String word, int allowed) {
        return NearWords.errors(typed, word, allowed);
    }

    private static List<String> nearest(String typed, String text) {
        return NearWords.nearest(typed, NearWords.words(text, 100)).stream()
                .map(Word::text)
                .toList();
    }
}
