package io.tailrace.bench.jobs.arm;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.zaxxer.hikari.HikariDataSource;
import io.tailrace.bench.jobs.rival.SchedulerMain;
import io.tailrace.bench.jobs.rival.SchedulerTables;
import io.tailrace.bench.stand.CpuMeter;
import io.tailrace.bench.stand.Stand;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** db-scheduler over the stand's PostgreSQL: enqueued here, run in a process of its own. */
public final class SchedulerArm implements Arm {
    private static final int CONNECTIONS = 8;
    private static final long SETTLE_MS = 20_000;

    private final Stand stand;
    private final JobProcess process;
    private final HikariDataSource pool;
    private final OneTimeTask<Void> task = SchedulerTables.task(null);
    private final SchedulerClient client;
    private final ExecutorService callers = Executors.newFixedThreadPool(CONNECTIONS);
    private final Phaser underWay = new Phaser(1);
    private final AtomicReference<@Nullable RuntimeException> fault = new AtomicReference<>();
    private long waiting;
    private boolean paused;

    /** Starts it; its first job runs when it is ready. */
    public SchedulerArm(Stand stand, Path board) throws IOException, SQLException {
        this.stand = stand;
        this.pool = SchedulerTables.pool(stand.environment(), CONNECTIONS);
        this.client = SchedulerClient.Builder.create(pool, task)
                .tableName(SchedulerTables.NAME)
                .build();
        this.process = new JobProcess(
                stand, "rival", System.getProperty("java.class.path"), SchedulerMain.class, board, Map.of());
    }

    @Override
    public String name() {
        return "db-scheduler";
    }

    @Override
    public void enqueue(int number) {
        insert(number, Instant.now());
    }

    @Override
    public void enqueueAt(int number, long runAtMs) {
        insert(number, Instant.ofEpochMilli(runAtMs));
    }

    private void insert(int number, Instant at) {
        underWay.register();
        callers.execute(() -> {
            try {
                client.schedule(task.instance(String.valueOf(number)), at);
            } catch (RuntimeException e) {
                fault.compareAndSet(null, e);
            } finally {
                underWay.arriveAndDeregister();
            }
        });
    }

    @Override
    public void enqueueAll(int from, int to) {
        client.scheduleBatch(
                IntStream.range(from, to).mapToObj(number -> task.instance(String.valueOf(number))), Instant.now());
    }

    /** One statement writes all of them. */
    @Override
    public int fillAtOnce() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void fill(int from, int to, long firstMs, long lastMs) throws SQLException {
        SchedulerTables.fill(pool, from, to, firstMs, lastMs);
        waiting += to - from;
    }

    @Override
    public void flush() {
        underWay.arriveAndAwaitAdvance();
        RuntimeException failure = fault.get();
        if (failure != null) {
            throw new IllegalStateException("a job was not enqueued", failure);
        }
    }

    /** Dead rows of the rounds before would be walked over by each look for jobs. */
    @Override
    public void settle() throws SQLException, InterruptedException {
        long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SETTLE_MS);
        while (SchedulerTables.left(pool) > waiting) {
            if (System.nanoTime() - untilNs > 0) {
                throw new IllegalStateException("jobs of db-scheduler that have started do not end");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        SchedulerTables.execute(pool, "vacuum " + SchedulerTables.NAME);
    }

    /** By the size that the table has when it is empty PostgreSQL would plan to walk over all of it. */
    @Override
    public void loaded() throws SQLException {
        SchedulerTables.execute(pool, "analyze " + SchedulerTables.NAME);
    }

    /** It looks for jobs fifty times a second, which the other arm would pay for. */
    @Override
    public void pause() throws IOException, InterruptedException {
        process.signal("-STOP");
        paused = true;
    }

    @Override
    public void resume() throws IOException, InterruptedException {
        if (paused) {
            process.signal("-CONT");
            paused = false;
        }
    }

    @Override
    public Map<String, Double> cpuSeconds() throws IOException {
        CpuMeter.Snapshot now = CpuMeter.now();
        Map<String, Double> parts = new LinkedHashMap<>();
        parts.put("postgres", now.seconds(stand.pid("postgres")));
        parts.put("scheduler", now.seconds(process.pid()));
        parts.put("enqueuer", now.secondsOf(ProcessHandle.current().pid()));
        return parts;
    }

    @Override
    public long notDoneOnce(BitSet done) throws SQLException {
        return SchedulerTables.left(pool) - waiting;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        // A process that is stopped does not hear that it is to end.
        resume();
        process.close();
        callers.shutdownNow();
        pool.close();
    }
}
