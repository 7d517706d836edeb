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
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** db-scheduler over the stand's PostgreSQL: enqueued here, run in a process of its own. */
public final class SchedulerArm implements Arm {
    private static final int CONNECTIONS = 8;

    private final Stand stand;
    private final JobProcess process;
    private final HikariDataSource pool;
    private final OneTimeTask<Void> task = SchedulerTables.task(null);
    private final SchedulerClient client;
    private final ExecutorService callers = Executors.newFixedThreadPool(CONNECTIONS);
    private final Phaser underWay = new Phaser(1);
    private final AtomicReference<@Nullable RuntimeException> fault = new AtomicReference<>();
    private long waiting;

    /** Starts it; its first job runs when it is ready. */
    public SchedulerArm(Stand stand, Path board) throws IOException, SQLException {
        this.stand = stand;
        this.pool = SchedulerTables.pool(stand.environment(), CONNECTIONS);
        this.client = SchedulerClient.Builder.create(pool, task)
                .tableName("rival_jobs")
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

    @Override
    public Map<String, Double> cpuSeconds() throws IOException {
        Map<String, Double> parts = new LinkedHashMap<>();
        parts.put("postgres", CpuMeter.seconds(stand.pid("postgres")));
        parts.put("scheduler", CpuMeter.seconds(process.pid()));
        parts.put("enqueuer", CpuMeter.secondsOf(ProcessHandle.current().pid()));
        return parts;
    }

    @Override
    public long notDoneOnce(BitSet done) throws SQLException {
        return SchedulerTables.left(pool) - waiting;
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
        callers.shutdownNow();
        pool.close();
    }
}
