package io.tailrace.standalone.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.standalone.Fault;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CoordinatorSettingsTest {
    @Test
    void what_is_not_set_has_its_default() {
        assertThat(CoordinatorSettings.of(Map.of())).isEqualTo(CoordinatorSettings.DEFAULT);
    }

    @Test
    void both_are_read_from_the_environment() {
        assertThat(CoordinatorSettings.of(
                        Map.of(CoordinatorSettings.PATIENCE, "2m", CoordinatorSettings.RESTARTS, "0")))
                .isEqualTo(new CoordinatorSettings(Duration.ofMinutes(2), 0));
    }

    @Test
    void what_cannot_be_read_or_makes_no_sense_is_named() {
        assertThatThrownBy(() -> CoordinatorSettings.of(Map.of(CoordinatorSettings.PATIENCE, "soon")))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("TAILRACE_UP_COORDINATOR_PATIENCE is soon");
        assertThatThrownBy(() -> CoordinatorSettings.of(Map.of(CoordinatorSettings.RESTARTS, "many")))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("TAILRACE_UP_COORDINATOR_RESTARTS is many");
        assertThatThrownBy(() -> CoordinatorSettings.of(Map.of(CoordinatorSettings.RESTARTS, "99")))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("99 restarts");
    }
}
