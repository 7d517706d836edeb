package io.tailrace.workers.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.workers.answer.DeltaBatch.Kind;
import io.tailrace.workers.answer.DeltaBatch.Piece;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DeltaBatchTest {
    private static final String SMILE = "\ud83d\ude00";

    private final DeltaBatch batch = new DeltaBatch(30);

    private static Piece text(String text) {
        return new Piece(Kind.TEXT, text);
    }

    @Test
    void theFirstPieceGoesAtOnceAndTheNextOnesTogether() {
        assertThat(batch.waitMs(1_000)).isEqualTo(DeltaBatch.NOTHING);
        batch.add(Kind.TEXT, "He");
        assertThat(batch.waitMs(1_000)).isZero();
        assertThat(batch.take(1_000, false)).containsExactly(text("He"));

        batch.add(Kind.TEXT, "l");
        batch.add(Kind.TEXT, "lo");

        assertThat(batch.waitMs(1_010)).isEqualTo(20);
        assertThat(batch.waitMs(1_030)).isZero();
        assertThat(batch.take(1_030, false)).containsExactly(text("llo"));
        assertThat(batch.waitMs(1_031)).isEqualTo(DeltaBatch.NOTHING);
        batch.add(Kind.TEXT, "!");
        assertThat(batch.waitMs(5_000)).as("nothing was said for long").isZero();
    }

    @Test
    void whatIsTakenIsNotTakenAgainWithWhatComesAfterIt() {
        batch.add(Kind.TEXT, "a");
        batch.add(Kind.TEXT, "b");
        List<Piece> first = batch.take(0, false);
        batch.add(Kind.TEXT, "c");

        assertThat(batch.take(100, true)).containsExactly(text("c"));
        assertThat(first).containsExactly(text("ab"));
    }

    @Test
    void kindsAreKeptApartAndInOrder() {
        batch.add(Kind.REASONING, "a");
        batch.add(Kind.REASONING, "b");
        batch.add(Kind.TEXT, "c");
        batch.add(Kind.REASONING, "d");

        assertThat(batch.take(0, false))
                .containsExactly(new Piece(Kind.REASONING, "ab"), text("c"), new Piece(Kind.REASONING, "d"));
    }

    @Test
    void halfACharacterWaitsForTheOther() {
        batch.add(Kind.TEXT, "a" + SMILE.charAt(0));
        assertThat(batch.take(0, false)).containsExactly(text("a"));
        assertThat(batch.waitMs(100)).isEqualTo(DeltaBatch.NOTHING);

        batch.add(Kind.TEXT, SMILE.substring(1) + "b");

        assertThat(batch.waitMs(100)).isZero();
        assertThat(batch.take(100, false)).containsExactly(text(SMILE + "b"));
    }

    @Test
    void halfACharacterThatStaysAloneIsReplaced() {
        batch.add(Kind.TEXT, "a" + SMILE.charAt(0));
        assertThat(batch.take(0, true)).containsExactly(text("a\uFFFD"));

        batch.add(Kind.TEXT, SMILE.charAt(1) + "b" + SMILE.charAt(0) + "c");
        assertThat(batch.take(0, true)).containsExactly(text("\uFFFDb\uFFFDc"));
    }

    @Test
    void aLongTextIsSeveralPiecesThatCutNoCharacter() {
        String text = "x" + SMILE.repeat(DeltaBatch.MOST);
        batch.add(Kind.TEXT, text);

        List<Piece> pieces = batch.take(0, true);

        assertThat(pieces).hasSizeGreaterThan(2).allSatisfy(piece -> {
            assertThat(piece.text().length()).isBetween(1, DeltaBatch.MOST);
            assertThat(Character.isLowSurrogate(piece.text().charAt(0))).isFalse();
        });
        assertThat(pieces.stream().map(Piece::text).collect(Collectors.joining()))
                .isEqualTo(text);
    }
}
