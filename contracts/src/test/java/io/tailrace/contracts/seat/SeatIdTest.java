package io.tailrace.contracts.seat;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeatIdTest {
    @Property
    void aSeatIsReadFromItsName(
            @ForAll @AlphaChars @NumericChars @StringLength(min = 1, max = 16) String section,
            @ForAll @IntRange(min = 1, max = 9999) int row,
            @ForAll @IntRange(min = 1, max = 9999) int number) {
        SeatId seat = new SeatId(section, row, number);

        assertThat(SeatId.parse(seat.toString())).contains(seat);
    }

    @Property
    void textThatIsReadIsTheNameOfTheSeat(@ForAll String text) {
        assertThat(SeatId.parse(text).map(SeatId::toString).orElse(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "A-1", "A-01-1", "A-1-0", "A-1-1-1", "A 1-1-1", "A-1-10000", "-1-1", "A--1-1"})
    void otherTextIsNoSeat(String text) {
        assertThat(SeatId.parse(text)).isEmpty();
    }
}
