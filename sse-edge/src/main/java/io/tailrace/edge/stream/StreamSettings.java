package io.tailrace.edge.stream;

/**
 * The bounds of a {@link StreamLoop}. All byte and time bounds are above zero.
 *
 * @param windowBytes the newest bytes of each partition that a loop can serve without a replay read
 * @param replayCacheBytes bytes of replay chunks that a loop keeps for slow readers, all partitions together
 * @param streamTurnBytes the most that one catching-up stream gets before the next one has its turn
 * @param turnBytes the most that all catching-up streams get before live batches have their turn
 * @param appendBytes the most of events that is appended to a sink before it is asked again whether it is writable; a frame that
 *     is larger is written in parts
 * @param openTimeoutMs how long {@code stream.open} waits for partitions that are not ready; then it tells which they are
 * @param heartbeatMs a stream without any other write gets a comment after this time, jittered by a quarter
 * @param positionMs a stream whose cursor moved without an event gets an id-only frame after this time, jittered
 * @param stallTimeoutMs a stream whose client takes no byte for this time, though there are some, is closed
 * @param retryMs the middle of the jittered {@code retry:}, from half of it to one and a half
 * @param pongTimeoutMs a stream of WebSocket messages whose client does not answer a ping for this time is closed
 * @param pendingChangeBytes bytes of {@code stream.channels} events that wait for a stream to become writable
 * @param maxChannels channels that a stream may come to have by changes; one that was opened with more keeps them
 * @param pendingBytes the most that all sinks hold of what was appended, before each is held to its reserve
 * @param reserveBytes what a sink may hold whatever the others hold
 */
public record StreamSettings(
        long windowBytes,
        long replayCacheBytes,
        int streamTurnBytes,
        int turnBytes,
        int appendBytes,
        long openTimeoutMs,
        long heartbeatMs,
        long positionMs,
        long stallTimeoutMs,
        long retryMs,
        long pongTimeoutMs,
        int pendingChangeBytes,
        int maxChannels,
        long pendingBytes,
        int reserveBytes) {
    /** The defaults. */
    public static final StreamSettings DEFAULTS = new StreamSettings(
            4L << 20, 16L << 20, 64 << 10, 1 << 20, 16 << 10, 1_000, 15_000, 15_000, 120_000, 2_000, 60_000, 64 << 10,
            1_000, 16L << 20, 4 << 10);

    /** Checks the bounds. */
    public StreamSettings {
        positive(windowBytes, "windowBytes");
        positive(replayCacheBytes, "replayCacheBytes");
        positive(streamTurnBytes, "streamTurnBytes");
        positive(turnBytes, "turnBytes");
        positive(appendBytes, "appendBytes");
        positive(openTimeoutMs, "openTimeoutMs");
        positive(heartbeatMs, "heartbeatMs");
        positive(positionMs, "positionMs");
        positive(stallTimeoutMs, "stallTimeoutMs");
        positive(retryMs, "retryMs");
        positive(pongTimeoutMs, "pongTimeoutMs");
        positive(pendingChangeBytes, "pendingChangeBytes");
        positive(maxChannels, "maxChannels");
        positive(pendingBytes, "pendingBytes");
        positive(reserveBytes, "reserveBytes");
    }

    private static void positive(long value, String name) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + ": " + value + ", expected above 0");
        }
    }
}
