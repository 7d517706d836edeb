package io.tailrace.standalone.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MachineMetricTest {
    private static final Counters BEFORE = new Counters(1_000_000_000, 100, 1000, 50, 200, 10, 40, 5000, 700);

    @Test
    void readings_are_shares_and_rates_between_two_moments() {
        // given half a second later
        Counters after = new Counters(1_500_000_000, 150, 1200, 100, 200, 30, 40, 6000, 700);

        // then
        assertThat(MachineMetric.CPU.reading(BEFORE, after)).isEqualTo(25);
        assertThat(MachineMetric.MEMORY.reading(BEFORE, after)).isEqualTo(50);
        assertThat(MachineMetric.DISK.reading(BEFORE, after)).isEqualTo(75);
        assertThat(MachineMetric.DISK_RATE.reading(BEFORE, after)).isEqualTo(2000);
    }

    @Test
    void what_is_zero_is_published_as_the_floor_because_the_api_wants_values_above_zero() {
        assertThat(MachineMetric.NETWORK_RATE.reading(BEFORE, BEFORE)).isEqualTo(MachineMetric.FLOOR);
        assertThat(MachineMetric.CPU.reading(BEFORE, BEFORE)).isEqualTo(MachineMetric.FLOOR);
    }

    @Test
    void this_machine_can_be_read() {
        Counters counters = new Machine().read();

        assertThat(counters.allTicks()).isPositive();
        assertThat(counters.memoryUsed()).isBetween(1L, counters.memoryTotal());
        assertThat(counters.diskTotal()).isPositive();
    }
}
