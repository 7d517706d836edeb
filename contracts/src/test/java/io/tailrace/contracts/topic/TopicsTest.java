package io.tailrace.contracts.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.channel.Namespaces;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopicsTest {
    private static final List<TopicSpec> ALL = Topics.all(Namespaces.builtIn());

    @Test
    void everyTopicIsNamedOnce() {
        assertThat(ALL)
                .extracting(TopicSpec::name)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.startsWith("tailrace."));
    }

    @Test
    void factsAreKeptForEver() {
        assertThat(ALL)
                .filteredOn(spec -> !spec.name().startsWith("tailrace.channels."))
                .filteredOn(spec -> !List.of(
                                Topics.DEAD_LETTERS,
                                Topics.EDGE_CONTROL,
                                Topics.AUDIT,
                                Topics.JOB_COMMANDS,
                                Topics.JOB_EVENTS,
                                Topics.JOB_LOGS)
                        .contains(spec.name()))
                .isNotEmpty()
                .allSatisfy(spec -> assertThat(spec.retention()).isNull());
    }

    @Test
    void whatHasAKeyForEachFactIsCompactedSoThatATombstoneErases() {
        assertThat(ALL)
                .filteredOn(TopicSpec::compacted)
                .extracting(TopicSpec::name)
                .containsExactlyInAnyOrder(
                        Topics.USERS,
                        Topics.FOLLOWS,
                        Topics.POSTS,
                        Topics.DASHBOARDS,
                        Topics.UPLOADS,
                        Topics.SCHEDULES,
                        Topics.AUDIT,
                        Topics.API_KEYS,
                        Topics.DEAD_LETTERS);
    }

    @Test
    void postsAndFollowsMeetInOneTask() {
        assertThat(ALL)
                .filteredOn(
                        spec -> spec.name().equals(Topics.POSTS) || spec.name().equals(Topics.FOLLOWS))
                .extracting(TopicSpec::partitions)
                .containsExactly(Topics.FACT_PARTITIONS, Topics.FACT_PARTITIONS);
    }

    @Test
    void showsAndTheirCommandsMeetInOneTaskAndHaveTheBrokersClock() {
        assertThat(ALL)
                .filteredOn(
                        spec -> spec.name().equals(Topics.SHOWS) || spec.name().equals(Topics.SEAT_COMMANDS))
                .hasSize(2)
                .allSatisfy(spec -> assertThat(spec.partitions()).isEqualTo(Topics.FACT_PARTITIONS))
                .allSatisfy(spec -> assertThat(spec.logAppendTime()).isTrue());
    }

    @Test
    void commandsForJobsAndSchedulesHaveTheBrokersClock() {
        assertThat(ALL)
                .contains(
                        new TopicSpec(Topics.JOB_COMMANDS, Topics.FACT_PARTITIONS, false, Topics.JOB_RETENTION, true),
                        new TopicSpec(Topics.SCHEDULES, Topics.FACT_PARTITIONS, true, null, true));
    }

    @Test
    void readingsHaveTheBrokersClockSoThatTheClockOfOneWriterMakesNobodysReadingsLate() {
        assertThat(ALL).contains(new TopicSpec(Topics.READINGS, Topics.FACT_PARTITIONS, false, null, true));
    }

    @Test
    void theChannelsOfShowsAreKeptForAHundredYearsBecauseSeatMapsAreMadeOfThem() {
        assertThat(ALL).contains(new TopicSpec("tailrace.channels.show", 6, false, Duration.ofDays(36_500)));
    }

    @Test
    void aNamespaceHasATopicWithItsOwnRetention() {
        assertThat(ALL).contains(new TopicSpec("tailrace.channels.logs", 6, false, Duration.ofDays(3)));
    }
}
