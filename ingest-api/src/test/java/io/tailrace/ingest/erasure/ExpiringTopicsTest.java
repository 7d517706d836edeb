package io.tailrace.ingest.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.contracts.topic.Topics;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ExpiringTopicsTest {
    private static final TopicPartition EVENTS = new TopicPartition(Topics.JOB_EVENTS, 0);
    private static final TopicPartition READY = new TopicPartition("tailrace.job-ready.mail", 2);
    private static final String ENDS = "{\"tailrace.job-events-0\":7,\"tailrace.job-ready.mail-2\":3}";

    @Test
    void all_is_gone_when_each_partition_begins_at_its_end_or_behind() {
        assertThat(ExpiringTopics.areGone(ENDS, Map.of(EVENTS, 7L, READY, 9L))).isTrue();
        assertThat(ExpiringTopics.areGone(ENDS, Map.of(EVENTS, 7L, READY, 2L))).isFalse();
        assertThat(ExpiringTopics.areGone(ENDS, Map.of(EVENTS, 6L, READY, 3L))).isFalse();
    }

    @Test
    void a_partition_that_came_later_had_nothing_and_a_topic_that_was_deleted_has_nothing() {
        assertThat(ExpiringTopics.areGone("{}", Map.of(EVENTS, 0L))).isTrue();
        assertThat(ExpiringTopics.areGone(ENDS, Map.of(EVENTS, 7L))).isTrue();
    }

    @Test
    void ends_of_channels_alone_are_of_a_version_before() {
        assertThat(ExpiringTopics.haveJobs(ENDS)).isTrue();
        assertThat(ExpiringTopics.haveJobs("{\"tailrace.channels.feed-0\":7}")).isFalse();
    }

    @Test
    void released_jobs_of_any_queue_count_and_no_other_topic_that_is_not_named() {
        Set<String> names = Set.of(Topics.JOB_EVENTS, "tailrace.channels.job");

        assertThat(ExpiringTopics.isOne(Topics.JOB_EVENTS, names)).isTrue();
        assertThat(ExpiringTopics.isOne("tailrace.job-ready.gone", names)).isTrue();
        assertThat(ExpiringTopics.isOne("tailrace.channels.job", names)).isTrue();
        assertThat(ExpiringTopics.isOne("tailrace.channels.jobs", names)).isFalse();
        assertThat(ExpiringTopics.isOne(Topics.USERS, names)).isFalse();
    }

    @Test
    void ends_that_cannot_be_read_are_an_error_that_shows_them() {
        assertThatThrownBy(() -> ExpiringTopics.areGone("{", Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("{");
    }
}
