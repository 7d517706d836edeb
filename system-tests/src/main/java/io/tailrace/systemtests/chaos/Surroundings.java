package io.tailrace.systemtests.chaos;

import java.util.Map;

/** Settings under which more can go wrong. */
public final class Surroundings {
    /**
     * Windows of a few seconds: who was away or slow for longer is replayed from Kafka. Short intervals for positions, so that
     * cursors that move without an event are used, too.
     */
    public static final Map<String, String> EDGE = Map.of(
            "TAILRACE_EDGE_TAIL_WINDOW_BYTES", "16384",
            "TAILRACE_EDGE_STREAM_POSITION", "1s",
            "TAILRACE_EDGE_STREAM_HEARTBEAT", "2s",
            "TAILRACE_EDGE_STREAM_REPLAY_CACHE_BYTES", "262144");

    private Surroundings() {}
}
