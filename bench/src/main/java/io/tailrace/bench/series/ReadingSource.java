package io.tailrace.bench.series;

import io.tailrace.bench.series.WayIn.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The readings of a run, in batches. No two readings of a metric have the same millisecond, because remote-write takes those as one. Without a pace the times
 * lie in the last minutes in a shuffled order, which is the hardest order for windows; at a pace they are the times at which the readings are due.
 *
 * @param metrics the metrics, which have the readings in turn
 * @param startMs when the run began, in milliseconds since 1970
 * @param perSecond readings per second of all metrics together; 0 for as fast as they are taken
 */
record ReadingSource(List<String> metrics, long startMs, int perSecond) {
    static final int BATCH = 500;

    /** How many readings a metric can have without a pace, and over how many milliseconds they lie. */
    private static final int SPREAD_MS = 500_000;

    /** A prime that does not divide {@link #SPREAD_MS}: its multiples visit each millisecond once. */
    private static final int STEP_MS = 7_919;

    private static final int FEWEST_METRICS = 4;

    /** At a pace, so that a metric's readings are two milliseconds apart. */
    private static final int PACED_PER_SECOND = 500;

    /** How many metrics this many readings need, so that their times differ. */
    static int metricsFor(long readings, int perSecond) {
        long needed =
                perSecond > 0 ? Math.ceilDiv(perSecond, PACED_PER_SECOND) : Math.ceilDiv(readings, (long) SPREAD_MS);
        return Math.toIntExact(Math.max(FEWEST_METRICS, needed));
    }

    /** The batch of this number, from 0. The same number gives the same readings. */
    List<Sample> batch(long number) {
        SplittableRandom random = new SplittableRandom(number);
        List<Sample> batch = new ArrayList<>(BATCH);
        for (long reading = number * BATCH; reading < (number + 1) * BATCH; reading++) {
            batch.add(new Sample(
                    metrics.get((int) (reading % metrics.size())), 1 + random.nextInt(100_000), timeMs(reading)));
        }
        return batch;
    }

    /** Nanoseconds from the start of the run after which the batch may be sent. */
    long dueNs(long number) {
        return perSecond > 0 ? number * BATCH * 1_000_000_000L / perSecond : 0;
    }

    private long timeMs(long reading) {
        if (perSecond > 0) {
            return startMs + reading / metrics.size() * metrics.size() * 1_000L / perSecond;
        }
        return startMs - reading / metrics.size() * STEP_MS % SPREAD_MS;
    }
}
