package io.tailrace.dispatcher.commit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LullTest {
    private final Lull lull = new Lull(50);

    @Test
    void the_first_record_ends_one() {
        assertThat(lull.endsWith(-7, -7)).isTrue();
    }

    @Test
    void what_soon_follows_ends_none_and_puts_the_next_one_off() {
        assertThat(lull.endsWith(1_000, 1_001)).isTrue();
        assertThat(lull.endsWith(1_030, 1_031)).isFalse();
        assertThat(lull.endsWith(1_060, 1_061)).isFalse();
        assertThat(lull.endsWith(1_109, 1_110)).isFalse();
    }

    @Test
    void what_comes_after_a_pause_ends_one() {
        assertThat(lull.endsWith(1_000, 1_001)).isTrue();
        assertThat(lull.endsWith(1_050, 1_051)).isTrue();
        assertThat(lull.endsWith(1_099, 1_100)).isFalse();
        assertThat(lull.endsWith(1_149, 1_150)).isTrue();
    }

    @Test
    void what_came_in_while_a_long_transaction_ended_ends_none() {
        assertThat(lull.endsWith(1_000, 1_001)).isTrue();
        assertThat(lull.endsWith(1_010, 1_090)).isFalse();
        assertThat(lull.endsWith(1_020, 1_090)).isFalse();
    }

    @Test
    void in_a_backlog_there_is_none_however_far_apart_its_records_are() {
        assertThat(lull.endsWith(1_000, 90_000)).isFalse();
        assertThat(lull.endsWith(60_000, 90_000)).isFalse();
        assertThat(lull.endsWith(89_951, 90_000)).isTrue();
    }

    @Test
    void a_record_of_another_partition_that_is_older_changes_nothing() {
        assertThat(lull.endsWith(1_000, 1_001)).isTrue();
        assertThat(lull.endsWith(990, 1_002)).isFalse();
        assertThat(lull.endsWith(1_049, 1_050)).isFalse();
    }

    @Test
    void a_short_one_is_also_ended_by_what_was_on_its_way_for_longer() {
        Lull shortLull = new Lull(4, 25);
        assertThat(shortLull.endsWith(1_000, 1_010)).isTrue();
        assertThat(shortLull.endsWith(1_003, 1_010)).isFalse();
        assertThat(shortLull.endsWith(1_008, 1_020)).isTrue();
        assertThat(shortLull.endsWith(1_020, 1_045)).isFalse();
    }
}
