package io.tailrace.bench;

import io.tailrace.bench.edge.EdgeBench;
import io.tailrace.bench.feed.FeedBench;
import io.tailrace.bench.inner.InnerBench;
import io.tailrace.bench.jobs.JobsBench;
import io.tailrace.bench.latency.LatencyBench;
import io.tailrace.bench.recovery.RecoveryBench;
import io.tailrace.bench.search.SearchBench;
import io.tailrace.bench.seats.SeatsBench;
import io.tailrace.bench.seats.topology.SeatsTopologyBench;
import io.tailrace.bench.series.SeriesBench;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ./tailrace bench NAME [--quick] [--json]}. */
@Command(
        name = "bench",
        description = "Runs a benchmark with its baseline.",
        mixinStandardHelpOptions = true,
        subcommands = {
            EdgeBench.class,
            FeedBench.class,
            InnerBench.class,
            JobsBench.class,
            LatencyBench.class,
            RecoveryBench.class,
            SearchBench.class,
            SeatsBench.class,
            SeatsTopologyBench.class,
            SeriesBench.class
        })
public final class Main {
    private Main() {}

    /** Runs the named benchmark; the exit code says whether it could be measured, not how it went. */
    public static void main(String[] args) {
        // Libraries write numbers in the digits of the default locale.
        Locale.setDefault(Locale.ROOT);
        System.exit(new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }
}
