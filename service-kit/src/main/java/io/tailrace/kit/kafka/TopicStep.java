package io.tailrace.kit.kafka;

import io.tailrace.contracts.topic.TopicSpec;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One difference between a topic as it is declared and as it is. */
public sealed interface TopicStep {
    /** The topic's name. */
    String topic();

    /** In one line, for a person. */
    String text();

    /** It is not there. */
    record Create(TopicSpec spec) implements TopicStep {
        @Override
        public String topic() {
            return spec.name();
        }

        @Override
        public String text() {
            return String.format(
                    Locale.ROOT,
                    "create %s: %d partitions, %s%s",
                    spec.name(),
                    spec.partitions(),
                    spec.retention() == null ? "kept for ever" : "kept for " + spec.retention(),
                    spec.compacted() ? ", compacted" : "");
        }
    }

    /**
     * A setting differs.
     *
     * @param from null if the broker does not say
     * @param losesRecords whether records that are there now may be deleted for it
     */
    record Change(String topic, String setting, @Nullable String from, String to, boolean losesRecords)
            implements TopicStep {
        @Override
        public String text() {
            return "change %s: %s from %s to %s%s"
                    .formatted(topic, setting, from, to, losesRecords ? " (LOSES RECORDS)" : "");
        }
    }

    /** It cannot become what is declared. */
    record Refusal(String topic, String reason) implements TopicStep {
        @Override
        public String text() {
            return "refused: topic " + topic + " " + reason;
        }
    }
}
