package io.tailrace.edge.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Runs many schedules. One of them alone: {@code -Dtailrace.simulation.seed=N}; more of them:
 * {@code -Dtailrace.simulation.schedules=N}, beginning with {@code -Dtailrace.simulation.first=N}.
 */
class SimulationTest {
    private final Logger tails = (Logger) LoggerFactory.getLogger("io.tailrace.edge.log");

    /** What an operator must know of each fault is of no use here: there are tens of thousands. */
    @BeforeEach
    void silence() {
        tails.setLevel(Level.OFF);
    }

    @AfterEach
    void restore() {
        tails.setLevel(null);
    }

    @Test
    void nothingIsLostOrRepeatedWhateverHappens() {
        Long seed = Long.getLong("tailrace.simulation.seed");
        if (seed != null) {
            run(seed);
            return;
        }
        int schedules = Integer.getInteger("tailrace.simulation.schedules", 10_000);
        long first = Long.getLong("tailrace.simulation.first", 1);
        for (long next = first; next < first + schedules; next++) {
            run(next);
        }
    }

    @Test
    void aWallClockThatIsSetEndsTokensAndNothingElse() {
        for (long seed = 1; seed <= 500; seed++) {
            Simulation stepped = new Simulation(seed, true, false);
            Simulation steady = new Simulation(seed, false, false);
            stepped.run();
            steady.run();
            assertThat(stepped.fingerprint()).as("simulation seed %d", seed).isEqualTo(steady.fingerprint());
        }
    }

    private static void run(long seed) {
        try {
            new Simulation(seed).run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("simulation seed " + seed + ": " + e.getMessage(), e);
        }
    }
}
