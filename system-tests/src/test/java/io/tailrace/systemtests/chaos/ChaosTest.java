package io.tailrace.systemtests.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.chaos.schedule.Scale;
import io.tailrace.systemtests.chaos.schedule.Schedule;
import io.tailrace.systemtests.platform.DataFolders;
import io.tailrace.systemtests.platform.Launcher;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The chaos that runs with the tests: short, and of one seed. {@code ./tailrace chaos} is the same for longer. */
@Tag("server")
class ChaosTest {
    private static final long SEED = 4;
    private static final long DURATION_MS = 30_000;
    private static final Scale SCALE = new Scale(40, 3, 8, 5);

    @Test
    @Timeout(value = 8, unit = TimeUnit.MINUTES)
    void half_a_minute_of_faults_costs_no_client_an_event() throws Exception {
        // given a schedule of one seed
        Schedule schedule = Schedule.draw(SEED, DURATION_MS, SCALE);
        Launcher launcher = new Launcher(DataFolders.create("chaos"), Surroundings.EDGE);

        // when it happens
        Result result = new ChaosRun(schedule, SCALE, line -> {}).run(launcher);

        // then each client has exactly what it was to have
        System.out.println(result.text());
        assertThat(result.lines()).isEmpty();
        assertThat(result.numbers().get("received")).isGreaterThan(1_000);
        // and what retention took from clients that were away was told, so that the checker had it to check
        assertThat(result.numbers().get("lost_in_gaps")).isPositive();
    }
}
