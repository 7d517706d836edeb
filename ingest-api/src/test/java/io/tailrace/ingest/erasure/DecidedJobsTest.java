package io.tailrace.ingest.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.topic.Topics;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class DecidedJobsTest {
    private static final TopicPartition ONE = new TopicPartition(Topics.JOB_COMMANDS, 0);
    private static final TopicPartition TWO = new TopicPartition(Topics.JOB_COMMANDS, 1);
    private static final Map<TopicPartition, Long> ENDS = Map.of(ONE, 5L, TWO, 0L);

    @Test
    void one_dispatcher_has_to_have_read_every_partition_to_its_end() {
        assertThat(DecidedJobs.hasOneRead(ENDS, List.of(Map.of(ONE, 5L)))).isTrue();
        assertThat(DecidedJobs.hasOneRead(ENDS, List.of(Map.of(ONE, 4L, TWO, 0L))))
                .isFalse();
        assertThat(DecidedJobs.hasOneRead(Map.of(ONE, 5L, TWO, 1L), List.of(Map.of(ONE, 5L), Map.of(TWO, 1L))))
                .as("each of them a part")
                .isFalse();
    }

    @Test
    void that_of_an_older_version_is_not_waited_for_and_neither_is_nobody() {
        assertThat(DecidedJobs.hasOneRead(ENDS, List.of(Map.of(ONE, 1L), Map.of(ONE, 5L, TWO, 7L))))
                .isTrue();
        assertThat(DecidedJobs.hasOneRead(ENDS, List.of())).isTrue();
    }

    @Test
    void a_dispatcher_is_told_by_its_group_with_any_prefix_and_version() {
        assertThat(List.of("tailrace-jobs-v1", "own-prefix-jobs-v12")).allMatch(DecidedJobs::isDispatcher);
        assertThat(List.of("tailrace-feed-v1", "tailrace-jobs-v1-copy", "somebody-reads-jobs", "jobs-v"))
                .noneMatch(DecidedJobs::isDispatcher);
    }
}
