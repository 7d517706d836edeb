package io.tailrace.kit.extract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PassagesTest {
    @Test
    void a_short_page_is_one_passage() {
        assertThat(Passages.of("")).containsExactly("");
        assertThat(Passages.of("x".repeat(Passages.LONGEST))).hasSize(1);
    }

    @Test
    void a_passage_ends_behind_a_paragraph_or_else_a_line_a_sentence_or_a_word() {
        assertThat(Passages.of("a".repeat(900) + "\n\n" + "b\n".repeat(400)).getFirst())
                .endsWith("a\n\n");
        assertThat(Passages.of("a".repeat(1000) + ". " + "b ".repeat(400)).getFirst())
                .endsWith("a. ");
        assertThat(Passages.of("ab ".repeat(800)).getFirst()).endsWith("ab ").hasSizeGreaterThan(1_190);
    }

    @Test
    void a_character_of_two_units_is_not_cut() {
        List<String> passages = Passages.of("x" + "\ud83d\ude00".repeat(2_000));

        assertThat(passages)
                .allSatisfy(passage -> assertThat(Character.isHighSurrogate(passage.charAt(passage.length() - 1)))
                        .isFalse());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void passages_are_the_page_without_a_gap_whatever_is_on_it(long seed) {
        Random random = new Random(seed);
        String letters = "ab. \n";
        StringBuilder page = new StringBuilder();
        for (int i = random.nextInt(20_000); i > 0; i--) {
            page.append(letters.charAt(random.nextInt(letters.length())));
        }

        List<String> passages = Passages.of(page.toString());

        assertThat(String.join("", passages)).isEqualTo(page.toString());
        assertThat(passages).allSatisfy(passage -> assertThat(passage).hasSizeLessThanOrEqualTo(Passages.LONGEST));
        assertThat(passages.subList(0, passages.size() - 1))
                .allSatisfy(passage -> assertThat(passage).hasSizeGreaterThan(700));
    }
}
