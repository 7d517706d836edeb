package io.tailrace.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.dispatcher.testing.TestBroker;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changelogs are compacted soon, also those of before, and no store outlives the tombstones that it has not read. */
@Tag("server")
class ChangelogsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void streams_makes_changelogs_that_are_compacted_soon() {
        StreamsConfig config = new StreamsConfig(ProductionConfig.of("tailrace-seats-v1"));

        // By the default of tailrace.kafka.compaction-lag.
        assertThat(config.originalsWithPrefix(StreamsConfig.TOPIC_PREFIX))
                .containsAllEntriesOf(Changelogs.config(Duration.ofHours(24)));
    }

    @Test
    void changelogs_that_a_version_before_has_made_are_compacted_soon_as_well()
            throws ExecutionException, InterruptedException {
        String seats = "tailrace-seats-v1-seats-changelog";
        String other = "tailrace-seats-v10-seats-changelog";
        try (TestBroker broker = new TestBroker();
                Admin admin = Admin.create(broker.settings().admin("test"))) {
            admin.createTopics(List.of(topic(seats), topic(other))).all().get();
            Eventually.holds(
                    "the broker has heard of the topics",
                    () -> admin.listTopics().names().get().containsAll(List.of(seats, other)));

            new Changelogs(broker.settings()).configure("tailrace-seats-v1");

            // The controller answers before the broker has heard of it.
            Changelogs.config(broker.settings().compactionLag())
                    .forEach((name, value) -> Eventually.holds(
                            name,
                            () -> value.equals(config(admin, seats).get(name).value())));
            assertThat(config(admin, other).get("segment.bytes").isDefault()).isTrue();
        }
    }

    @Test
    void stores_that_were_closed_longer_ago_than_tombstones_are_kept_for_are_read_again(@TempDir Path application)
            throws IOException {
        Files.createFile(application.resolve("kafka-streams-process-metadata"));
        task(application, "0_0", NOW.minus(Duration.ofMinutes(29)));
        task(application, "0_1", NOW.minus(Duration.ofMinutes(31)));

        Changelogs.deleteStale(application, NOW);

        assertThat(application.resolve("0_0").resolve("rocksdb")).exists();
        assertThat(application.resolve("0_1")).doesNotExist();
    }

    @Test
    void stores_that_another_process_works_with_stay(@TempDir Path application) throws IOException {
        Path process = Files.createFile(application.resolve("kafka-streams-process-metadata"));
        task(application, "0_1", NOW.minus(Duration.ofMinutes(31)));

        try (FileChannel channel = FileChannel.open(process, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            assertThat(held.isValid()).isTrue();
            Changelogs.deleteStale(application, NOW);
        }

        assertThat(application.resolve("0_1").resolve("rocksdb")).exists();
    }

    private static void task(Path application, String name, Instant closedAt) throws IOException {
        Path task = Files.createDirectories(
                application.resolve(name).resolve("rocksdb").resolve("seats"));
        Files.createFile(task.resolve("000001.sst"));
        Path checkpoint = Files.createFile(application.resolve(name).resolve(".checkpoint"));
        var unused = Files.setLastModifiedTime(checkpoint, FileTime.from(closedAt));
    }

    private static NewTopic topic(String name) {
        return new NewTopic(name, Optional.of(1), Optional.empty()).configs(Map.of("cleanup.policy", "compact"));
    }

    private static Config config(Admin admin, String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            return Objects.requireNonNull(
                    admin.describeConfigs(List.of(resource)).all().get().get(resource));
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
