package io.tailrace.dispatcher.commit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdlePeriodTest {
    private final IdlePeriod idlePeriod = new IdlePeriod(50);

    @Test
    void the_first_record_ends_one() {
        assertThat(idlePeriod.isEndedBy(-7, -7)).isTrue();
    }

    @Test
    void what_soon_follows_ends_none_and_puts_the_next_one_off() {
        assertThat(idlePeriod.isEndedBy(1_000, 1_001)).isTrue();
        assertThat(idlePeriod.isEndedBy(1_030, 1_031)).isFalse();
        assertThat(idlePeriod.isEndedBy(1_060, 1_061)).isFalse();
        assertThat(idlePeriod.isEndedBy(1_109, 1_110)).isFalse();
    }

    @Test
    void what_comes_after_a_pause_ends_one() {
        assertThat(idlePeriod.isEndedBy(1_000, 1_001)).isTrue();
        assertThat(idlePeriod.isEndedBy(1_050, 1_051)).isTrue();
        assertThat(idlePeriod.isEndedBy(1_099, 1_100)).isFalse();
        assertThat(idlePeriod.isEndedBy(1_149, 1_150)).isTrue();
    }

    @Test
    void what_came_in_while_a_long_transaction_ended_ends_none() {
        assertThat(idlePeriod.isEndedBy(1_000, 1_001)).isTrue();
        assertThat(idlePeriod.isEndedBy(1_010, 1_090)).isFalse();
        assertThat(idlePeriod.isEndedBy(1_020, 1_090)).isFalse();
    }

    @Test
    void in_a_backlog_there_is_none_however_far_apart_its_records_are() {
        assertThat(idlePeriod.isEndedBy(1_000, 90_000)).isFalse();
        assertThat(idlePeriod.isEndedBy(60_000, 90_000)).isFalse();
        assertThat(idlePeriod.isEndedBy(89_951, 90_000)).isTrue();
    }

    @Test
    void a_record_of_another_partition_that_is_older_changes_nothing() {
        assertThat(idlePeriod.isEndedBy(1_000, 1_001)).isTrue();
        assertThat(idlePeriod.isEndedBy(990, 1_002)).isFalse();
        assertThat(idlePeriod.isEndedBy(1_049, 1_050)).isFalse();
    }

    @Test
    void a_short_one_is_also_ended_by_what_was_on_its_way_for_longer() {
        IdlePeriod shortIdlePeriod = new IdlePeriod(4, 25);
        assertThat(shortIdlePeriod.isEndedBy(1_000, 1_010)).isTrue();
        assertThat(shortIdlePeriod.isEndedBy(1_003, 1_010)).isFalse();
        assertThat(shortIdlePeriod.isEndedBy(1_008, 1_020)).isTrue();
        assertThat(shortIdlePeriod.isEndedBy(1_020, 1_045)).isFalse();
    }
}
