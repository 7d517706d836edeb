package io.tailrace.bench.jobs;

import io.tailrace.bench.jobs.arm.Arm;
import io.tailrace.bench.jobs.board.StartBoard;
import io.tailrace.bench.stand.PacedSender;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.HdrHistogram.Histogram;

/**
 * Gives jobs to one arm and looks when they start. A latency begins when the job should have been enqueued, or should start, and not
 * when the enqueuer came to it. Used by one thread.
 */
final class Trial implements AutoCloseable {
    private static final int BATCH = 100;
    private static final int MOST_UNDER_WAY = 5_000;
    private static final long STEP_MS = 5;
    private static final int IDLE_FROM_MS = 50;
    private static final int IDLE_TO_MS = 150;

    private final Arm arm;
    private final StartBoard board;
    private final RandomGenerator random;
    private final BitSet run = new BitSet();
    private int next;

    Trial(Arm arm, StartBoard board, long seed) {
        this.arm = arm;
        this.board = board;
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /**
     * A load that there was always more of.
     *
     * @param perSecond jobs that started in a second
     * @param perCpuSecond jobs that started for a second of CPU of all processes involved
     * @param cpuMsByPart what a job has cost in each
     * @param bySecond jobs that started in each second, which tells a rate that falls or rises from a steady one
     */
    record Rate(double perSecond, double perCpuSecond, Map<String, Double> cpuMsByPart, List<Long> bySecond) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "%.0f jobs/s, %.0f per CPU s; second by second %s", perSecond, perCpuSecond, bySecond);
        }
    }

    Arm arm() {
        return arm;
    }

    /** Runs a job, which means that everything is ready. */
    void awaitReady(long timeoutMs) throws Exception {
        int number = take(1);
        arm.enqueue(number);
        arm.flush();
        awaitStarted(number, number + 1, timeoutMs);
    }

    /** One job after the other with pauses of 50 to 150 ms, so that nothing else happens. */
    void idle(int count, Histogram latencies, long timeoutMs) throws Exception {
        long dueNs = System.nanoTime();
        long[] due = new long[count];
        int from = take(count);
        for (int i = 0; i < count; i++) {
            dueNs += TimeUnit.MICROSECONDS.toNanos(random.nextLong(IDLE_FROM_MS * 1_000L, IDLE_TO_MS * 1_000L));
            due[i] = dueNs;
            enqueueAt(from + i, dueNs);
        }
        note(from, due, latencies, timeoutMs);
    }

    /** Jobs at a steady rate. */
    void paced(int perSecond, int count, Histogram latencies, long timeoutMs) throws Exception {
        long[] due = new long[count];
        int from = take(count);
        AtomicInteger next = new AtomicInteger();
        PacedSender.run(perSecond, count, dueNs -> {
            int i = next.getAndIncrement();
            due[i] = dueNs;
            arm.enqueue(from + i);
        });
        note(from, due, latencies, timeoutMs);
    }

    private void enqueueAt(int number, long dueNs) {
        long waitNs;
        while ((waitNs = dueNs - System.nanoTime()) > 0) {
            LockSupport.parkNanos(waitNs);
        }
        arm.enqueue(number);
    }

    private void note(int from, long[] due, Histogram latencies, long timeoutMs) throws Exception {
        arm.flush();
        awaitStarted(from, from + due.length, timeoutMs);
        for (int i = 0; i < due.length; i++) {
            latencies.recordValue(Math.max(0, board.startedNs(from + i) - due[i]));
        }
    }

    /** Keeps some thousands of jobs enqueued and not started, and counts those that start, after a time that does not count. */
    Rate sustained(int warmSeconds, int seconds, long timeoutMs) throws Exception {
        int first = next;
        long before = board.started();
        keepUnderWay(first, before, System.nanoTime() + TimeUnit.SECONDS.toNanos(warmSeconds));
        arm.loaded();
        Map<String, Double> cpu = arm.cpuSeconds();
        List<Long> bySecond = new ArrayList<>();
        long started = board.started();
        long startNs = System.nanoTime();
        for (int second = 1; second <= seconds; second++) {
            long sofar = board.started();
            keepUnderWay(first, before, startNs + TimeUnit.SECONDS.toNanos(second));
            bySecond.add(board.started() - sofar);
        }
        double tookSeconds = (System.nanoTime() - startNs) / 1e9;
        long count = board.started() - started;
        Map<String, Double> cost = new LinkedHashMap<>();
        double all = 0;
        for (Map.Entry<String, Double> part : arm.cpuSeconds().entrySet()) {
            double used = part.getValue() - cpu.getOrDefault(part.getKey(), 0.0);
            all += used;
            cost.put(part.getKey(), used * 1_000 / count);
        }
        arm.flush();
        awaitStarted(first, next, timeoutMs);
        return new Rate(count / tookSeconds, count / all, cost, bySecond);
    }

    private void keepUnderWay(int first, long before, long untilNs) throws Exception {
        while (System.nanoTime() - untilNs < 0) {
            long underWay = next - first - (board.started() - before);
            if (underWay < MOST_UNDER_WAY) {
                int from = take(BATCH);
                arm.enqueueAll(from, from + BATCH);
            } else {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        }
    }

    /**
     * Has many jobs wait that are due in an hour and in the hour after it, and gives how many: {@code count}, or fewer if that takes longer than
     * {@code mostMs}. Returns when all of them have been decided.
     */
    int fill(int count, long mostMs, long timeoutMs) throws Exception {
        long firstMs = System.currentTimeMillis() + TimeUnit.HOURS.toMillis(1);
        long lastMs = firstMs + TimeUnit.HOURS.toMillis(1);
        long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(mostMs);
        int filled = 0;
        while (filled < count && System.nanoTime() - untilNs < 0) {
            int some = Math.min(arm.fillAtOnce(), count - filled);
            int from = reserve(some);
            // Each part is spread over the whole hour.
            arm.fill(from, next, firstMs, lastMs);
            // Commands of a queue are decided in their order.
            awaitReady(timeoutMs);
            filled += some;
        }
        return filled;
    }

    /** Enqueues jobs that become due at a steady rate, all of them before the first is; a latency is how late one starts. */
    void late(int perSecond, int count, long aheadMs, Histogram latencies, long timeoutMs) throws Exception {
        int from = take(count);
        long baseNs = System.nanoTime();
        long baseMs = System.currentTimeMillis();
        long firstMs = baseMs + aheadMs;
        long[] due = new long[count];
        for (int i = 0; i < count; i++) {
            long atMs = firstMs + i * 1_000L / perSecond;
            due[i] = baseNs + TimeUnit.MILLISECONDS.toNanos(atMs - baseMs);
            arm.enqueueAt(from + i, atMs);
        }
        arm.flush();
        if (System.nanoTime() - due[0] > 0) {
            throw new IllegalStateException(
                    "enqueueing took longer than the " + aheadMs + " ms before the first is due");
        }
        note(from, due, latencies, timeoutMs);
    }

    /** Enqueues a job and gives the seconds until it starts, from a moment in the past. */
    double secondsToStart(long sinceNs, long timeoutMs) throws Exception {
        int number = take(1);
        arm.enqueue(number);
        arm.flush();
        awaitStarted(number, number + 1, timeoutMs);
        return (board.startedNs(number) - sinceNs) / 1e9;
    }

    /** What is wrong with the jobs that have run: lost, not recorded as done, or done twice. */
    List<String> faults() throws Exception {
        List<String> faults = new ArrayList<>();
        long undone = arm.notDoneOnce(run);
        if (undone != 0) {
            faults.add(arm.name() + ": " + undone + " jobs are not recorded as done once");
        }
        if (board.repeated() > 0) {
            faults.add(arm.name() + ": " + board.repeated() + " jobs started again, although nothing failed");
        }
        return faults;
    }

    /** Numbers of jobs that run. */
    private int take(int count) {
        int from = reserve(count);
        run.set(from, next);
        return from;
    }

    private int reserve(int count) {
        int from = next;
        next += count;
        if (next > board.jobs()) {
            throw new IllegalStateException("more jobs than the board has room for: " + board.jobs());
        }
        return from;
    }

    private void awaitStarted(int from, int to, long timeoutMs) throws InterruptedException {
        long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        for (int number = from; number < to; ) {
            if (board.startedNs(number) != 0) {
                number++;
            } else if (System.nanoTime() - untilNs > 0) {
                throw new IllegalStateException(
                        arm.name() + ": job " + number + " of " + from + " to " + to + " did not start in time");
            } else {
                TimeUnit.MILLISECONDS.sleep(STEP_MS);
            }
        }
    }

    @Override
    public void close() throws Exception {
        arm.close();
        board.close();
    }
}
