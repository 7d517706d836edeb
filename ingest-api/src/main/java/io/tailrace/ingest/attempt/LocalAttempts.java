package io.tailrace.ingest.attempt;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/** Tallies of this node alone, bounded in number. Thread-safe. */
final class LocalAttempts implements TallyStore {
    private static final int MAX_TALLIES = 50_000;

    private final LongSupplier nowMs;
    private final Cache<String, Tally> tallies;

    /**
     * No tallies yet.
     *
     * @param nowMs milliseconds of a clock that does not go back: a pause is over when so much time has passed, whatever the time
     *     of day is then
     */
    LocalAttempts(LongSupplier nowMs, Duration keptFor) {
        this.nowMs = nowMs;
        this.tallies = Caffeine.newBuilder()
                .maximumSize(MAX_TALLIES)
                .expireAfterWrite(keptFor)
                .executor(Runnable::run)
                .build();
    }

    @Override
    public synchronized long begin(List<Counted> counted) {
        long now = nowMs.getAsLong();
        long waitMs = 0;
        for (Counted each : counted) {
            waitMs = Math.max(waitMs, tally(each).waitMs(now));
        }
        if (waitMs == 0) {
            counted.forEach(each -> tallies.put(each.key(), tally(each).attempted(each.rule(), now)));
        }
        return waitMs;
    }

    @Override
    public synchronized void takeBack(List<Counted> counted) {
        counted.forEach(each -> tallies.put(each.key(), tally(each).takenBack()));
    }

    @Override
    public synchronized void forget(Counted counted) {
        tallies.invalidate(counted.key());
    }

    private Tally tally(Counted counted) {
        Tally present = tallies.getIfPresent(counted.key());
        return present == null ? Tally.NONE : present;
    }
}
