package io.tailrace.workers.bridge;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.workers.bridge.sequence.SequenceCounts;

/** What bridges count, by the name of the bridge. Thread-safe. */
final class BridgeMeters {
    private static final String TAG = "bridge";

    private final MeterRegistry registry;

    BridgeMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void count(String bridge, SequenceCounts counts) {
        add("tailrace.bridge.readings", bridge, counts.readings());
        add("tailrace.bridge.duplicates", bridge, counts.duplicates());
        add("tailrace.bridge.refused", bridge, counts.refused());
        add("tailrace.bridge.conflated", bridge, counts.conflated());
        add("tailrace.bridge.gaps", bridge, counts.gaps());
    }

    void failed(String bridge, String type) {
        registry.counter("tailrace.bridge.failures", TAG, bridge, "type", type).increment();
    }

    private void add(String name, String bridge, long count) {
        registry.counter(name, TAG, bridge).increment(count);
    }
}
