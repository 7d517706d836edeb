package io.tailrace.edge.replay.plan;

/**
 * The bounds of replays of one edge.
 *
 * @param maxInFlight ranges that are read at the same time, at most one per partition
 * @param chunkBytes bytes of records in one range, about
 * @param bytesPerSecond the most that replays read in a second, so that live delivery comes first
 * @param burstBytes what may be read at once after a pause
 */
public record ReplaySettings(int maxInFlight, int chunkBytes, long bytesPerSecond, long burstBytes) {
    /** The defaults. */
    public static final ReplaySettings DEFAULTS = new ReplaySettings(4, 1 << 20, 256L << 20, 64L << 20);

    /** Checks the bounds. */
    public ReplaySettings {
        if (maxInFlight < 1 || chunkBytes < 1 || bytesPerSecond < 1 || burstBytes < chunkBytes) {
            throw new IllegalArgumentException("maxInFlight " + maxInFlight + ", chunkBytes " + chunkBytes
                    + ", bytesPerSecond " + bytesPerSecond + ", burstBytes " + burstBytes
                    + ": expected all above 0 and burstBytes at least chunkBytes");
        }
    }
}
