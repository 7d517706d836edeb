package io.tailrace.kit.security;

import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The current keys. They are read by an executor of their own, never by a caller's thread; at most one reading is under
 * way, and one starts at most every {@link JwksSettings#refreshInterval()} (after a failure, every second), however many
 * callers ask. Thread-safe.
 */
final class KeyRing {
    private static final Logger LOG = LoggerFactory.getLogger(KeyRing.class);
    private static final long RETRY_AFTER_FAILURE_NS = Duration.ofSeconds(1).toNanos();

    private final KeySource source;
    private final JwksSettings settings;
    private final Executor executor;
    private final LongSupplier nanoClock;
    private final SecurityMeters meters;

    private volatile @Nullable KeySet keys;
    private volatile long readAtNs;
    /** Written by one reading at a time. */
    private volatile long readings;

    private long nextReadingNs;
    private @Nullable CompletableFuture<@Nullable KeySet> underWay;

    KeyRing(KeySource source, JwksSettings settings, Executor executor, LongSupplier nanoClock, SecurityMeters meters) {
        this.source = source;
        this.settings = settings;
        this.executor = executor;
        this.nanoClock = nanoClock;
        this.meters = meters;
        this.nextReadingNs = nanoClock.getAsLong();
    }

    /** The keys, or null if none have been read yet. Starts a reading in the background when they are missing or old. */
    @Nullable
    KeySet current() {
        KeySet now = keys;
        if (now == null || nanoClock.getAsLong() - readAtNs > settings.maxAge().toNanos()) {
            var unused = refresh();
        }
        return now;
    }

    /**
     * Reads the keys again if that is allowed now.
     *
     * @return done when the reading that is under way has ended, at once if none may start; holds the keys of then, the
     *     same object as before if they are the same keys, or null if there are none. It never fails.
     */
    CompletableFuture<@Nullable KeySet> refresh() {
        CompletableFuture<@Nullable KeySet> reading;
        synchronized (this) {
            if (underWay != null) {
                return underWay;
            }
            if (nanoClock.getAsLong() - nextReadingNs < 0) {
                return CompletableFuture.completedFuture(keys);
            }
            reading = new CompletableFuture<>();
            underWay = reading;
        }
        try {
            executor.execute(() -> read(reading));
        } catch (RuntimeException | Error e) {
            // No thread could be had. Nobody would ever end this reading, and none would follow it.
            LOG.warn("The keys that verify tokens could not be read: {}", e.toString());
            synchronized (this) {
                nextReadingNs = nanoClock.getAsLong() + RETRY_AFTER_FAILURE_NS;
                underWay = null;
            }
            reading.complete(keys);
        }
        return reading;
    }

    /**
     * Reads them now, whenever they were read last; a reading that is under way has to do.
     *
     * @return whether they could be read, when that is known
     */
    CompletableFuture<Boolean> reread() {
        long before = readings;
        synchronized (this) {
            nextReadingNs = nanoClock.getAsLong();
        }
        return refresh().thenApply(keys -> readings != before);
    }

    private void read(CompletableFuture<@Nullable KeySet> reading) {
        long pauseNs = RETRY_AFTER_FAILURE_NS;
        try {
            KeySet read = KeySet.parse(source.read(), settings.maxKeys());
            KeySet before = keys;
            // What was verified with the same keys stays verified: a caller with an unknown key must not make all
            // others new.
            keys = before != null && read.hasKeysOf(before) ? before : read;
            readings++;
            readAtNs = nanoClock.getAsLong();
            pauseNs = settings.refreshInterval().toNanos();
            meters.read(true);
        } catch (IOException | ParseException | RuntimeException | Error e) {
            meters.read(false);
            LOG.warn(
                    "The keys that verify tokens could not be read, {} stay: {}",
                    keys == null ? "none" : "the old",
                    e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            synchronized (this) {
                nextReadingNs = nanoClock.getAsLong()
                        + Math.min(pauseNs, settings.refreshInterval().toNanos());
                underWay = null;
            }
            reading.complete(keys);
        }
    }
}
