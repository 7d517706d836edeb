package io.tailrace.bench.seats.rush;

import io.tailrace.bench.seats.http.HttpPool;
import io.tailrace.bench.seats.http.Requests;
import io.tailrace.bench.stand.PacedSender;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Holds of one or two seats in a large show, as many as are asked for, and how long each took. */
public final class Load {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int HOLD_SECONDS = 600;

    private final Requests requests;
    private final HttpPool pool;
    private final UUID show;
    private final int rows;
    private final int seatsPerRow;
    private final List<String> tokens;
    private final Random random;
    private final Histogram latencies = new ConcurrentHistogram(3);
    private final AtomicLong decided = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    /** A load on a show of {@code rows} by {@code seatsPerRow} in section {@code A}. */
    public Load(
            Requests requests, HttpPool pool, UUID show, int rows, int seatsPerRow, List<String> tokens, long seed) {
        this.requests = requests;
        this.pool = pool;
        this.show = show;
        this.rows = rows;
        this.seatsPerRow = seatsPerRow;
        this.tokens = tokens;
        this.random = new Random(seed);
    }

    /** At a steady rate, open loop: latencies are from the moment at which a request was due. */
    public void paced(int perSecond, int count) {
        PacedSender.run(perSecond, count, this::one);
        long deadline = System.nanoTime() + PATIENCE_NS;
        while (decided.get() + failed.get() < count && System.nanoTime() < deadline) {
            pool.check();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /**
     * As many as there are answers, closed loop: each of so many clients asks again when it has its answer.
     *
     * @return decisions in a second
     */
    public double closed(int clients, int seconds) {
        long start = System.nanoTime();
        long end = start + TimeUnit.SECONDS.toNanos(seconds);
        AtomicLong running = new AtomicLong(clients);
        pool.run(() -> {
            for (int i = 0; i < clients; i++) {
                again(end, running);
            }
        });
        while (running.get() > 0 && System.nanoTime() < end + PATIENCE_NS) {
            pool.check();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        return decided.get() * 1e9 / (System.nanoTime() - start);
    }

    private void again(long endNs, AtomicLong running) {
        if (System.nanoTime() >= endNs) {
            running.decrementAndGet();
            return;
        }
        long due = System.nanoTime();
        pool.send(request(), answer -> {
            count(answer.status(), answer.arrivedNs() - due);
            again(endNs, running);
        });
    }

    private void one(long dueNs) {
        pool.send(request(), answer -> count(answer.status(), answer.arrivedNs() - dueNs));
    }

    private void count(int status, long latencyNs) {
        if (status == 201 || status == 409) {
            latencies.recordValue(Math.max(0, latencyNs));
            decided.incrementAndGet();
        } else {
            failed.incrementAndGet();
        }
    }

    private synchronized byte[] request() {
        int count = 1 + random.nextInt(2);
        int row = 1 + random.nextInt(rows);
        int first = 1 + random.nextInt(seatsPerRow - count + 1);
        List<String> seats = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            seats.add("A-" + row + '-' + (first + i));
        }
        String token = tokens.get(random.nextInt(tokens.size()));
        return requests.hold(token, show, seats, HOLD_SECONDS, new UUID(random.nextLong(), random.nextLong()) + "");
    }

    /** From due to answered, nanoseconds, of what was decided. */
    public Histogram latencies() {
        return latencies;
    }

    /** Answers that were no decision. */
    public long failed() {
        return failed.get();
    }
}
