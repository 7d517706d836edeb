package io.tailrace.standalone.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.standalone.supervision.Orphans.Noted;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OrphansTest {
    private static final Noted KAFKA = new Noted("kafka", 10, 1_000_000);
    private static final Noted REDIS = new Noted("redis", 11, 1_000_000);

    @Test
    void a_process_with_the_noted_start_is_an_orphan() {
        assertThat(among(Map.of(10L, 1_000_000L, 11L, 1_001_999L))).containsExactly(KAFKA, REDIS);
    }

    @Test
    void a_stranger_that_got_the_number_since_is_left_alone() {
        assertThat(among(Map.of(10L, 1_002_001L, 11L, 997_000L))).isEmpty();
    }

    @Test
    void what_does_not_run_is_no_orphan() {
        assertThat(among(Map.of(11L, 1_000_000L))).containsExactly(REDIS);
    }

    private static List<Noted> among(Map<Long, Long> running) {
        return Orphans.among(List.of(KAFKA, REDIS), pid -> Optional.ofNullable(running.get(pid)));
    }
}
