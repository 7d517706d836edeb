package io.tailrace.dispatcher;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives the metrics of all state stores the same tags. Kafka names the tag with the store's name after the store's type
 * ({@code rocksdb-state-id}, {@code rocksdb-window-state-id}), and Prometheus refuses one name with two sets of tags.
 */
final class StoreMetricsFilter implements MeterFilter {
    private static final String PREFIX = "kafka.stream.state.";
    private static final String TYPED_TAG_END = "state.id";
    private static final String TAG = "store";

    @Override
    public Meter.Id map(Meter.Id id) {
        if (!id.getName().startsWith(PREFIX)) {
            return id;
        }
        List<Tag> tags = new ArrayList<>();
        for (Tag tag : id.getTags()) {
            boolean typed = tag.getKey().endsWith(TYPED_TAG_END);
            tags.add(typed ? Tag.of(TAG, tag.getValue()) : tag);
        }
        return id.replaceTags(tags);
    }
}
