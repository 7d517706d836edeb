package io.tailrace.systemtests.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CrowdingTest {
    @Test
    void the_fullest_stretch_counts_wherever_it_begins() {
        assertThat(Crowding.most(List.of(0L, 900L, 1100L, 1200L, 1850L, 3000L), 1000))
                .isEqualTo(4);
        assertThat(Crowding.most(List.of(3000L, 0L, 1000L, 2000L), 1000)).isEqualTo(1);
        assertThat(Crowding.most(List.of(), 1000)).isZero();
    }
}
