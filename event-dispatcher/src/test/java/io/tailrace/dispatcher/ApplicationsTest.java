package io.tailrace.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.dispatcher.Applications.Application;
import io.tailrace.kit.retention.ShowRetention;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyDescription;
import org.junit.jupiter.api.Test;

class ApplicationsTest {
    private static final DispatcherSettings SETTINGS = ProductionConfig.settings(".", 6_000);

    /**
     * The names of changelogs, of state directories and of the tasks' numbers. A difference here is an incompatible
     * change: running instances would lose their state. Give the application the next version, and say in
     * docs/decisions how it takes over.
     */
    @Test
    void subtopologies_nodes_and_stores_keep_their_names() {
        assertThat(names("tailrace-feed-v1"))
                .containsExactly(
                        "0 node apply-follow",
                        "0 node author-channels",
                        "0 node dead-letters",
                        "0 node fan-out-post",
                        "0 node feed-channels",
                        "0 node follows",
                        "0 node posts",
                        "0 store fan-outs",
                        "0 store follower-counts",
                        "0 store followers",
                        "0 store recent-posts",
                        "0 topic tailrace.follows",
                        "0 topic tailrace.posts");
        assertThat(names("tailrace-metrics-v1"))
                .containsExactly(
                        "0 node dead-letters",
                        "0 node metrics",
                        "0 node metrics-channel",
                        "0 node readings",
                        "0 node route-metric",
                        "0 node route-reading",
                        "0 store recent-ids",
                        "0 topic tailrace.metrics",
                        "0 topic tailrace.readings");
        assertThat(names("tailrace-seats-v1"))
                .containsExactly(
                        "0 node clock",
                        "0 node dead-letters",
                        "0 node decide",
                        "0 node keep-show",
                        "0 node seat-commands",
                        "0 node seat-events",
                        "0 node show-channel",
                        "0 node shows",
                        "0 node user-channel",
                        "0 store seats",
                        "0 topic tailrace.seat-commands",
                        "0 topic tailrace.shows");
        assertThat(names("tailrace-jobs-v1"))
                .containsExactly(
                        "0 node clock",
                        "0 node dead-letters",
                        "0 node decide",
                        "0 node job-channel",
                        "0 node job-commands",
                        "0 node job-events",
                        "0 node jobs-channel",
                        "0 node ready-answers",
                        "0 node ready-bridges",
                        "0 node ready-default",
                        "0 node ready-exports",
                        "0 node ready-files",
                        "0 node ready-indexes",
                        "0 node ready-maintenance",
                        "0 node ready-notifications",
                        "0 node ready-telegram",
                        "0 store jobs",
                        "0 topic tailrace.job-commands");
        assertThat(names("tailrace-schedules-v1"))
                .containsExactly(
                        "0 node arm",
                        "0 node clock",
                        "0 node dead-letters",
                        "0 node job-commands",
                        "0 node jobs-channel",
                        "0 node schedules",
                        "0 store armed-schedules",
                        "0 topic tailrace.schedules");
        assertThat(names("tailrace-series-v1"))
                .containsExactly(
                        "0 node aggregate",
                        "0 node dead-letters",
                        "0 node readings",
                        "0 node series-channel",
                        "0 store recent-readings",
                        "0 store windows",
                        "0 topic tailrace.readings");
    }

    @Test
    void each_application_ends_its_transactions_at_its_own_interval() {
        assertThat(all(ProductionConfig.SHOWS, Namespaces.builtIn()))
                .extracting(Application::id, Application::commitInterval)
                .containsExactly(
                        tuple("tailrace-feed-v1", SETTINGS.feedCommitInterval()),
                        tuple("tailrace-metrics-v1", SETTINGS.metricsCommitInterval()),
                        tuple("tailrace-seats-v1", Duration.ofSeconds(1)),
                        tuple("tailrace-jobs-v1", Duration.ofSeconds(1)),
                        tuple("tailrace-schedules-v1", Duration.ofSeconds(1)),
                        tuple("tailrace-series-v1", Duration.ofSeconds(1)));
    }

    @Test
    void the_metrics_sleep_longer_and_the_others_as_they_are_told() {
        assertThat(all(ProductionConfig.SHOWS, Namespaces.builtIn()))
                .extracting(Application::id, Application::pollInterval)
                .containsExactly(
                        tuple("tailrace-feed-v1", SETTINGS.pollInterval()),
                        tuple(
                                "tailrace-metrics-v1",
                                SETTINGS.metricsCommitInterval().dividedBy(2)),
                        tuple("tailrace-seats-v1", SETTINGS.pollInterval()),
                        tuple("tailrace-jobs-v1", SETTINGS.pollInterval()),
                        tuple("tailrace-schedules-v1", Duration.ofMillis(50)),
                        tuple("tailrace-series-v1", Duration.ofMillis(50)));
        assertThat(SETTINGS.pollInterval())
                .isLessThan(SETTINGS.metricsCommitInterval().dividedBy(2));
    }

    @Test
    void only_the_feeds_whose_records_repeat_each_other_are_compressed() {
        assertThat(all(ProductionConfig.SHOWS, Namespaces.builtIn()))
                .extracting(Application::id, Application::compression)
                .containsExactly(
                        tuple("tailrace-feed-v1", "zstd"),
                        tuple("tailrace-metrics-v1", "none"),
                        tuple("tailrace-seats-v1", "none"),
                        tuple("tailrace-jobs-v1", "none"),
                        tuple("tailrace-schedules-v1", "none"),
                        tuple("tailrace-series-v1", "none"));
    }

    @Test
    void only_the_windows_of_series_are_written_many_times_within_a_transaction_and_have_a_cache() {
        assertThat(all(ProductionConfig.SHOWS, Namespaces.builtIn()))
                .filteredOn(application -> application.cacheBytes() > 0)
                .extracting(Application::id)
                .containsExactly("tailrace-series-v1");
    }

    @Test
    void the_changelog_of_the_ids_of_readings_is_hardly_longer_than_their_store() {
        assertThat(all(ProductionConfig.SHOWS, Namespaces.builtIn()))
                .filteredOn(application -> application.changelogSlack().compareTo(Duration.ofDays(1)) < 0)
                .extracting(Application::id, Application::changelogSlack)
                .containsExactly(tuple("tailrace-series-v1", Duration.ofMinutes(10)));
    }

    @Test
    void a_namespace_that_is_not_declared_is_named() throws IOException {
        Namespaces others = Namespaces.read(
                new StringReader(
                        """
                news.number=7
                news.partitions=6
                news.retention=P7D
                news.subscribe=public
                news.publish=grant
                news.start=live
                """));

        assertThatThrownBy(() -> all(ProductionConfig.SHOWS, others))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("namespace feed is not declared");
    }

    @Test
    void shows_that_would_be_forgotten_before_the_answers_to_their_commands_are_refused() {
        ShowRetention tooShort = new ShowRetention(Duration.ofHours(49));

        assertThatThrownBy(() -> all(tooShort, Namespaces.builtIn()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tailrace.shows.forget-after: PT49H, expected at least")
                .hasMessageContaining("PT50H");
    }

    @Test
    void the_configuration_is_one_that_streams_accepts() {
        StreamsConfig config = new StreamsConfig(ProductionConfig.of("tailrace-feed-v1"));

        assertThat(config.getString(StreamsConfig.PROCESSING_GUARANTEE_CONFIG)).isEqualTo("exactly_once_v2");
        assertThat(config.getMainConsumerConfigs("group", "client", 1))
                .containsEntry("group.instance.id", "test-instance-1")
                .containsEntry("session.timeout.ms", 6_000)
                .containsEntry("heartbeat.interval.ms", 1_500)
                .containsEntry("isolation.level", "read_committed");
        assertThat(config.getProducerConfigs("client"))
                .containsEntry("transaction.timeout.ms", 10_000)
                .containsEntry("enable.idempotence", true)
                .containsEntry("compression.type", "zstd")
                .containsEntry("compression.zstd.level", 1)
                .containsEntry("linger.ms", 20);
    }

    private static List<Application> all(ShowRetention shows, Namespaces namespaces) {
        return Applications.all(
                SETTINGS,
                ProductionConfig.JOBS,
                ProductionConfig.SCHEDULES,
                ProductionConfig.SERIES,
                shows,
                namespaces,
                JobQueues.builtIn());
    }

    private static SortedSet<String> names(String id) {
        SortedSet<String> names = new TreeSet<>();
        for (Application application : all(ProductionConfig.SHOWS, Namespaces.builtIn())) {
            if (application.id().equals(id)) {
                application.topology().describe().subtopologies().forEach(part -> add(names, part));
            }
        }
        return names;
    }

    private static void add(SortedSet<String> names, TopologyDescription.Subtopology part) {
        for (TopologyDescription.Node node : part.nodes()) {
            names.add(part.id() + " node " + node.name());
            if (node instanceof TopologyDescription.Source source) {
                source.topicSet().forEach(topic -> names.add(part.id() + " topic " + topic));
            }
            if (node instanceof TopologyDescription.Processor processor) {
                processor.stores().forEach(store -> names.add(part.id() + " store " + store));
            }
        }
    }
}
