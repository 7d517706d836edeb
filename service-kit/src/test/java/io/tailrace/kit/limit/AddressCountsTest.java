package io.tailrace.kit.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AddressCountsTest {
    @Test
    void anAddressHasAsManyAsTheLimitAndGetsRoomBack() {
        AddressCounts counts = new AddressCounts(2);
        assertThat(counts.take("a")).isTrue();
        assertThat(counts.take("a")).isTrue();
        assertThat(counts.isFull("a")).isTrue();
        assertThat(counts.take("a")).isFalse();
        assertThat(counts.take("b")).isTrue();

        counts.release("a");

        assertThat(counts.isFull("a")).isFalse();
        assertThat(counts.take("a")).isTrue();
        assertThat(counts.take("a")).isFalse();
    }

    @Test
    void withoutALimitOrAnAddressNothingIsCounted() {
        AddressCounts unlimited = new AddressCounts(0);
        AddressCounts one = new AddressCounts(1);

        for (int i = 0; i < 5; i++) {
            assertThat(unlimited.take("a")).isTrue();
            assertThat(one.take(null)).isTrue();
        }

        assertThat(unlimited.isFull("a")).isFalse();
        assertThat(one.isFull(null)).isFalse();
    }
}
