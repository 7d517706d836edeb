package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.fuzz.FuzzResult;
import io.tailrace.systemtests.fuzz.FuzzRun;
import io.tailrace.systemtests.platform.DataFolders;
import io.tailrace.systemtests.platform.Launcher;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The fuzzing that runs with the tests: short, and of one seed. {@code ./tailrace fuzz} is the same for longer. */
@Tag("server")
class FuzzTest {
    private static final long SEED = 1;
    private static final long REQUESTS = 3_000;

    @Test
    @Timeout(value = 8, unit = TimeUnit.MINUTES)
    void three_thousand_broken_requests_break_nothing() throws Exception {
        Launcher launcher = new Launcher(DataFolders.create("fuzz"), FuzzRun.SETTINGS);

        FuzzResult result = new FuzzRun(SEED, REQUESTS, line -> {}).run(launcher);

        System.out.println(result.text());
        assertThat(result.lines()).isEmpty();
        // and they came in deep, or nothing would have been tried
        assertThat(result.statuses()).containsKeys(101, 200, 201, 202, 204, 400, 401, 404, 405, 409, 415);
        assertThat(result.canary()).isGreaterThan(20);
    }
}
