package io.tailrace.kit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.backends.Backends;
import io.tailrace.backends.Eventually;
import io.tailrace.backends.KafkaCluster;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.topic.TopicSpec;
import io.tailrace.contracts.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Against a real broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
@Tag("server")
class TopicProvisionerTest {
    private KafkaCluster cluster;
    private TopicProvisioner provisioner;

    @BeforeAll
    void start() {
        cluster = Backends.chosen().kafka(1, Map.of());
        provisioner = new TopicProvisioner(KafkaSettings.of(cluster.bootstrap()));
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void everyDeclaredTopicExistsOnceAlsoWhenManyServicesStartTogether() {
        List<TopicSpec> specs = Topics.all(Namespaces.builtIn());

        List<CompletableFuture<Map<String, UUID>>> together = List.of(
                CompletableFuture.supplyAsync(() -> provisioner.provision(specs)),
                CompletableFuture.supplyAsync(() -> provisioner.provision(specs)),
                CompletableFuture.supplyAsync(() -> provisioner.provision(specs)));
        Map<String, UUID> first = together.get(0).join();

        assertThat(first.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        specs.stream().map(TopicSpec::name).toList());
        assertThat(together).allSatisfy(ids -> assertThat(ids.join()).isEqualTo(first));
        assertThat(provisioner.provision(specs)).isEqualTo(first);
    }

    @Test
    void aLongerRetentionAndTheClockFollowTheDeclaration() throws Exception {
        var unused = provisioner.provision(List.of(new TopicSpec("changing", 1, false, Duration.ofDays(1))));
        assertThat(config("changing", "retention.ms")).isEqualTo("86400000");
        assertThat(config("changing", "cleanup.policy")).isEqualTo("delete");
        assertThat(config("changing", "message.timestamp.type")).isEqualTo("CreateTime");

        unused = provisioner.provision(List.of(new TopicSpec("changing", 1, false, null, true)));

        // The controller has answered before the broker knows.
        Eventually.holds(
                "the topic follows",
                () -> config("changing", "retention.ms").equals("-1")
                        && config("changing", "message.timestamp.type").equals("LogAppendTime"));
    }

    @Test
    void whatCouldDeleteRecordsIsDoneOnlyIfSomebodySaysSo() throws Exception {
        var unused = provisioner.provision(List.of(new TopicSpec("kept", 1, false, Duration.ofDays(2))));
        TopicSpec shorter = new TopicSpec("kept", 1, true, Duration.ofDays(1));

        unused = provisioner.provision(List.of(shorter));
        assertThat(config("kept", "retention.ms")).isEqualTo("172800000");
        assertThat(config("kept", "cleanup.policy")).isEqualTo("delete");

        unused = provisioner.provision(List.of(shorter), true);
        Eventually.holds(
                "the topic follows", () -> config("kept", "retention.ms").equals("86400000"));
        assertThat(config("kept", "cleanup.policy")).contains("compact", "delete");
        assertThat(provisioner.plan(List.of(shorter)).steps()).isEmpty();
    }

    @Test
    void anotherNumberOfPartitionsIsRefused() {
        var unused = provisioner.provision(List.of(new TopicSpec("fixed", 2, false, null)));

        assertThatThrownBy(() -> provisioner.provision(List.of(new TopicSpec("fixed", 3, false, null))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "topic fixed has 2 partitions, declared are 3: a key's partition depends on it, so it cannot"
                                + " change");
    }

    @Test
    void anUnreachableClusterIsNamed() {
        TopicProvisioner nowhere = new TopicProvisioner(new KafkaSettings(
                "127.0.0.1:1", null, -1, Duration.ofMillis(1), Duration.ofHours(24), Duration.ofDays(7)));

        assertThatThrownBy(() -> nowhere.provision(List.of(new TopicSpec("t", 1, false, null))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("127.0.0.1:1");
    }

    private String config(String topic, String name) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
            Map<ConfigResource, Config> configs =
                    admin.describeConfigs(List.of(resource)).all().get();
            return java.util.Objects.requireNonNull(configs.get(resource))
                    .get(name)
                    .value();
        }
    }
}
