package io.tailrace.bench.jobs.rival;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.zaxxer.hikari.HikariDataSource;
import io.tailrace.bench.jobs.board.StartBoard;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;

/** Runs db-scheduler until the JVM is told to end, with the polling strategy that its documentation has for high rates. */
public final class SchedulerMain {
    private static final int THREADS = 32;
    private static final int CONNECTIONS = 16;

    /** Executions are fetched when there are fewer than the first share of the threads, up to the second. */
    private static final double FETCH_BELOW = 1.0;

    private static final double FETCH_UP_TO = 6.0;

    /** The default is 10 s. */
    private static final Duration POLLING = Duration.ofMillis(20);

    private SchedulerMain() {}

    /** Starts. */
    public static void main(String[] args) throws IOException, SQLException {
        StartBoard board = StartBoard.open(Path.of(System.getenv(StartBoard.VARIABLE)));
        HikariDataSource pool = SchedulerTables.pool(System.getenv(), CONNECTIONS);
        Scheduler scheduler = Scheduler.create(pool, SchedulerTables.task(board))
                .tableName(SchedulerTables.NAME)
                .threads(THREADS)
                .pollingInterval(POLLING)
                .pollUsingLockAndFetch(FETCH_BELOW, FETCH_UP_TO)
                .registerShutdownHook()
                .build();
        scheduler.start();
    }
}
