package io.tailrace.dispatcher;

import io.tailrace.kit.kafka.KafkaSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The changelogs of the stores, which are read from their start after a crash. The broker compacts a segment only when nothing is
 * written to it any more, which by default is after 1 GB or seven days, and keeps a tombstone for a day: a store that forgets would
 * be as long to read as one that does not.
 */
final class Changelogs {
    /** Of every changelog, beside the compaction's lag. Bytes and milliseconds. */
    private static final Map<String, String> CONFIG = Map.of(
            TopicConfig.SEGMENT_BYTES_CONFIG,
            "16777216",
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
            "0.2",
            TopicConfig.DELETE_RETENTION_MS_CONFIG,
            "3600000");

    /**
     * A store that is older would miss deletions whose tombstones are gone: a seat that was given back would stay taken. Half of the
     * tombstones' time, so that it can still be read up to the end in the other half.
     */
    private static final Duration STALE_AFTER = Duration.ofMinutes(30);

    /** The file with which Streams says up to which offsets the stores beside it are. */
    private static final String CHECKPOINT = ".checkpoint";

    /** The file that Streams locks for as long as it works with the stores. */
    private static final String PROCESS = "kafka-streams-process-metadata";

    private static final long TIMEOUT_SECONDS = 30;
    private static final Logger LOG = LoggerFactory.getLogger(Changelogs.class);

    private final KafkaSettings kafka;

    Changelogs(KafkaSettings kafka) {
        this.kafka = kafka;
    }

    /**
     * The configuration of every changelog.
     *
     * @param compactionLag after which time a segment may be compacted at the latest, once something is written behind it: so long it may
     *     have what was erased
     */
    static Map<String, String> config(Duration compactionLag) {
        Map<String, String> config = new HashMap<>(CONFIG);
        config.put(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, Long.toString(compactionLag.toMillis()));
        return config;
    }

    /**
     * Gives the changelogs of an application that are there {@link #config}: Streams does so only for those that it makes. A broker
     * that refuses is no reason not to start, so that is only told.
     *
     * @throws IllegalStateException if the cluster cannot be asked
     */
    void configure(String applicationId) {
        try (Admin admin = Admin.create(kafka.admin(applicationId + "-changelogs"))) {
            List<ConfigResource> topics = get(admin.listTopics().names()).stream()
                    .filter(topic -> topic.startsWith(applicationId + "-") && topic.endsWith("-changelog"))
                    .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                    .toList();
            if (topics.isEmpty()) {
                return;
            }
            Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
            get(admin.describeConfigs(topics).all()).forEach((topic, config) -> {
                List<AlterConfigOp> missing = missing(config);
                if (!missing.isEmpty()) {
                    changes.put(topic, missing);
                }
            });
            if (!changes.isEmpty()) {
                alter(admin, changes);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while looking at the changelogs of " + applicationId, e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("cannot look at the changelogs of " + applicationId, e);
        }
    }

    private List<AlterConfigOp> missing(Config config) {
        return config(kafka.compactionLag()).entrySet().stream()
                .filter(wanted ->
                        !wanted.getValue().equals(config.get(wanted.getKey()).value()))
                .map(wanted -> new AlterConfigOp(new ConfigEntry(wanted.getKey(), wanted.getValue()), OpType.SET))
                .toList();
    }

    private static void alter(Admin admin, Map<ConfigResource, Collection<AlterConfigOp>> changes)
            throws InterruptedException, TimeoutException {
        try {
            get(admin.incrementalAlterConfigs(changes).all());
            LOG.info("Configured earlier compaction of {}", changes.keySet());
        } catch (ExecutionException e) {
            LOG.warn("The broker refused to configure {}, so recovery takes longer: {}", changes, e.getMessage());
        }
    }

    private static <T> T get(KafkaFuture<T> future) throws ExecutionException, InterruptedException, TimeoutException {
        return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Of this very process.
            return null;
        }
    }

    /**
     * Deletes the stores of tasks that were closed so long ago that their changelogs may have lost deletions since. They are read
     * again from the start.
     *
     * @param application the folder in which Streams keeps the tasks of one application
     * @throws UncheckedIOException if they cannot be deleted
     */
    static void deleteStale(Path application, Instant now) {
        Path process = application.resolve(PROCESS);
        if (!Files.exists(process)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(process, StandardOpenOption.WRITE);
                @Nullable FileLock lock = tryLock(channel);
                Stream<Path> tasks = Files.list(application)) {
            if (lock == null) {
                // Another process works with them, which Streams will say.
                return;
            }
            for (Path task : tasks.filter(Files::isDirectory).toList()) {
                Path checkpoint = task.resolve(CHECKPOINT);
                if (Files.exists(checkpoint)
                        && Files.getLastModifiedTime(checkpoint).toInstant().isBefore(now.minus(STALE_AFTER))) {
                    LOG.info("The stores in {} are older than {} and are rebuilt", task, STALE_AFTER);
                    Utils.delete(task.toFile());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("stale stores in " + application + " cannot be deleted", e);
        }
    }
}
