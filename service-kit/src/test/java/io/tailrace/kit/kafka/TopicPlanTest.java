package io.tailrace.kit.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.topic.TopicSpec;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicPlanTest {
    private static final TopicSpec DAY = new TopicSpec("t", 2, false, Duration.ofDays(1));
    private static final TopicPlan.Compaction COMPACTION =
            new TopicPlan.Compaction(Duration.ofHours(1), Duration.ofHours(2));

    @Test
    void aTopicOfErasableFactsForgetsWithinABoundedTime() {
        TopicSpec facts = new TopicSpec("t", 2, true, null);

        assertThat(TopicPlan.settings(facts, COMPACTION))
                .containsEntry("max.compaction.lag.ms", "3600000")
                .containsEntry("delete.retention.ms", "7200000");
        assertThat(TopicPlan.settings(new TopicSpec("t", 2, true, Duration.ofDays(1)), COMPACTION))
                .containsEntry("cleanup.policy", "compact,delete")
                .containsEntry("retention.ms", "86400000")
                .containsEntry("max.compaction.lag.ms", "3600000");
        assertThat(TopicPlan.settings(DAY, COMPACTION)).doesNotContainKey("max.compaction.lag.ms");
    }

    @Test
    void aTopicAsDeclaredNeedsNothing() {
        assertThat(plan(DAY, DAY).steps()).isEmpty();
    }

    @Test
    void aMissingTopicIsCreated() {
        assertThat(TopicPlan.of(List.of(DAY), Map.of(), COMPACTION).steps()).containsExactly(new TopicStep.Create(DAY));
    }

    @Test
    void keepingLongerLosesNothingAndKeepingShorterDoes() {
        TopicSpec week = new TopicSpec("t", 2, false, Duration.ofDays(7));
        TopicSpec ever = new TopicSpec("t", 2, false, null);

        assertThat(plan(DAY, week).losses()).isEmpty();
        assertThat(plan(week, ever).losses()).isEmpty();
        assertThat(plan(week, ever).changes()).hasSize(1);
        assertThat(plan(week, DAY).losses()).hasSize(1);
        assertThat(plan(ever, week).losses()).hasSize(1);
    }

    @Test
    void compactingWhatWasNotCompactedLosesRecords() {
        TopicSpec compacted = new TopicSpec("t", 2, true, Duration.ofDays(1));

        assertThat(plan(DAY, compacted).losses()).hasSize(1);
        assertThat(plan(compacted, DAY).losses()).isEmpty();
    }

    @Test
    void moreAndFewerPartitionsAreBothRefused() {
        for (int partitions : List.of(1, 3)) {
            TopicPlan plan = plan(DAY, new TopicSpec("t", partitions, false, Duration.ofDays(1)));

            assertThat(plan.refusals()).hasSize(1);
            assertThat(plan.changes()).isEmpty();
        }
    }

    private static TopicPlan plan(TopicSpec now, TopicSpec declared) {
        Map<String, String> settings = new HashMap<>(TopicPlan.settings(now, COMPACTION));
        settings.put("segment.bytes", "1048576");
        return TopicPlan.of(
                List.of(declared), Map.of("t", new TopicPlan.Existing(now.partitions(), settings)), COMPACTION);
    }
}
