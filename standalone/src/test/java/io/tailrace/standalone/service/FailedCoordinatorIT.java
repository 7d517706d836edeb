package io.tailrace.standalone.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.standalone.backend.Installation;
import io.tailrace.standalone.backend.KafkaBroker;
import io.tailrace.standalone.backend.KafkaCoordinators;
import io.tailrace.standalone.data.DataFolder;
import io.tailrace.standalone.data.Ports;
import io.tailrace.standalone.process.ChildUnit;
import io.tailrace.standalone.process.Launch;
import io.tailrace.standalone.process.LogFile;
import io.tailrace.standalone.process.Probe;
import io.tailrace.standalone.process.Server;
import io.tailrace.standalone.process.Supervisor;
import io.tailrace.standalone.process.Unit;
import io.tailrace.standalone.supervision.Backoff;
import io.tailrace.standalone.supervision.CoordinatorWatch;
import io.tailrace.standalone.supervision.CoordinatorWatch.Answer;
import io.tailrace.standalone.supervision.Part;
import io.tailrace.standalone.supervision.Supervision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real broker with a group coordinator that has failed: a record that no coordinator can read is put behind its back into
 * its partition. The next commit finds that the log is ahead of it, it reads its partition again, and that fails for good,
 * which are the two lines that a broker logs that came back wrongly from a {@code kill -9}. What is not provoked is the race
 * that leads there after a kill, nor a failure that goes by itself with the next start: here the record is taken away
 * between two starts. A transaction coordinator that fails is not provoked either; it is only asked.
 */
@Timeout(300)
class FailedCoordinatorIT {
    private static final TopicPartition TOPIC = new TopicPartition("seats", 0);
    private static final String GROUP = "sellers";
    private static final int LIMIT_MS = 3_000;
    /** A key of the first kind of record, cut off after it. */
    private static final byte[] UNREADABLE = {0, 1, 0};

    @TempDir
    private Path temporary = Path.of("");

    private volatile boolean cure;

    @Test
    void a_broker_is_started_again_until_its_groups_can_commit() throws Exception {
        // given
        DataFolder folder = new DataFolder(temporary.resolve("data"));
        folder.open();
        Map<String, Integer> ports = Ports.choose(folder, Composition.PORT_NAMES, new SplittableRandom());
        KafkaBroker kafka = new KafkaBroker(
                new Installation(Path.of("..").toAbsolutePath().normalize()),
                folder,
                ports.getOrDefault("kafka", 0),
                ports.getOrDefault("kafka-controller", 0));
        KafkaCoordinators coordinators = new KafkaCoordinators(kafka.port(), LIMIT_MS);
        WatchedBroker broker = new WatchedBroker(
                new ChildUnit(curable(kafka, folder), new LogFile(folder.log("kafka"), 1 << 20)),
                coordinators::ask,
                new CoordinatorWatch(new CoordinatorWatch.Limits(1, 3, 600_000)),
                Duration.ofMillis(100),
                Duration.ofSeconds(30));
        Supervisor supervisor = new Supervisor(
                new Supervision(
                        List.of(new Part("kafka", Set.of(), Set.of(), 120_000, 30_000)), new Backoff(1, 10, 60_000)),
                Map.of("kafka", broker),
                InstantSource.system(),
                _ -> {});
        Thread end = Thread.ofPlatform().start(() -> run(supervisor));
        try {
            await(() -> hasTopic(kafka));
            await(() -> commits(kafka));
            await(() -> coordinators.ask().equals(new Answer.Answered(Set.of())));
            assertThat(broker.restarts()).isZero();
            // when
            spoil(kafka);
            await(() -> !commits(kafka) && broker.restarts() >= 1);
            cure = true;
            // then
            await(() -> commits(kafka));
            await(() -> coordinators.ask().equals(new Answer.Answered(Set.of())));
            assertThat(broker.restarts()).isBetween(1L, 3L);
        } finally {
            supervisor.requestStop();
            end.join(Duration.ofSeconds(60));
        }
        assertThat(broker.pid()).isEmpty();
    }

    private static void run(Supervisor supervisor) {
        try {
            var unused = supervisor.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean hasTopic(KafkaBroker kafka) throws InterruptedException {
        try (Admin admin = Admin.create(settings(kafka, "creates"))) {
            admin.createTopics(List.of(new NewTopic(TOPIC.topic(), 1, (short) 1)))
                    .all()
                    .get();
            return true;
        } catch (ExecutionException e) {
            return e.getCause() instanceof TopicExistsException;
        }
    }

    /** The offset of a group that has no members, set from outside. */
    private static boolean commits(KafkaBroker kafka) throws InterruptedException {
        try (Admin admin = Admin.create(settings(kafka, "commits"))) {
            admin.alterConsumerGroupOffsets(GROUP, Map.of(TOPIC, new OffsetAndMetadata(1)))
                    .all()
                    .get();
            return true;
        } catch (ExecutionException e) {
            return false;
        }
    }

    /** Only the broker's own clients may write to its own topics, and they are known by this name. */
    private static void spoil(KafkaBroker kafka) throws Exception {
        int partition = Math.abs(GROUP.hashCode()) % 4;
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(producing(kafka), new ByteArraySerializer(), new ByteArraySerializer())) {
            var unused = producer.send(
                            new ProducerRecord<>("__consumer_offsets", partition, UNREADABLE, new byte[] {0, 0}))
                    .get();
        }
    }

    private static Map<String, Object> producing(KafkaBroker kafka) {
        return Map.of(
                "bootstrap.servers",
                kafka.bootstrap(),
                "client.id",
                "__admin_client",
                "request.timeout.ms",
                LIMIT_MS,
                "delivery.timeout.ms",
                2 * LIMIT_MS);
    }

    private static Map<String, Object> settings(KafkaBroker kafka, String client) {
        return Map.of(
                "bootstrap.servers",
                kafka.bootstrap(),
                "client.id",
                client,
                "request.timeout.ms",
                LIMIT_MS,
                "default.api.timeout.ms",
                LIMIT_MS);
    }

    /** The broker, which finds its offsets gone when it is started after {@link #cure} was said. */
    private Server curable(KafkaBroker kafka, DataFolder folder) {
        return new Server() {
            @Override
            public String name() {
                return kafka.name();
            }

            @Override
            public int port() {
                return kafka.port();
            }

            @Override
            public Launch prepare(Unit.Progress progress) throws Exception {
                if (cure) {
                    forgetOffsets(folder.of("kafka").resolve("log"));
                }
                return kafka.prepare(progress);
            }

            @Override
            public Probe probe() {
                return kafka.probe();
            }
        };
    }

    private static void forgetOffsets(Path log) throws IOException {
        try (DirectoryStream<Path> partitions = Files.newDirectoryStream(log, "__consumer_offsets-*")) {
            for (Path partition : partitions) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(partition, "*.{log,*index,snapshot}")) {
                    files.forEach(FailedCoordinatorIT::delete);
                }
                Files.deleteIfExists(partition.resolve("leader-epoch-checkpoint"));
            }
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
