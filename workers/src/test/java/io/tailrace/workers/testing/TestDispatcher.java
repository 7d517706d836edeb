package io.tailrace.workers.testing;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.contracts.topic.TopicSpec;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.dispatcher.job.DeskSettings;
import io.tailrace.dispatcher.job.JobSettings;
import io.tailrace.dispatcher.job.JobTopics;
import io.tailrace.dispatcher.job.JobTopology;
import io.tailrace.dispatcher.poison.DeadLetterForm;
import io.tailrace.kit.kafka.TopicProvisioner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.jspecify.annotations.Nullable;

/** The dispatcher's topology of jobs on the shared broker, one for all tests of a JVM, with short leases. */
public final class TestDispatcher {
    /** How long an attempt may be silent. A worker says something at a third of it, also on a machine that stands still for a while. */
    public static final Duration LEASE = Duration.ofSeconds(6);

    /** After how long a released job that nobody started is released again. */
    public static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(60);

    private static class Shared {
        static final TestDispatcher DISPATCHER = new TestDispatcher();
    }

    private final Path state;
    private @Nullable KafkaStreams streams;

    private TestDispatcher() {
        try {
            state = Files.createTempDirectory("dispatcher");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        List<TopicSpec> topics = new ArrayList<>(Topics.all(Namespaces.builtIn()));
        topics.addAll(JobQueues.builtIn().topics());
        var unused = new TopicProvisioner(TestBroker.shared().settings()).provision(topics);
    }

    /** Has the topics made that all tests need. */
    public static void makeTopics() {
        var unused = Shared.DISPATCHER;
    }

    /** The one dispatcher of this JVM; it runs. */
    public static TestDispatcher shared() {
        Shared.DISPATCHER.start();
        return Shared.DISPATCHER;
    }

    /** Starts it, if it does not run. */
    public synchronized void start() {
        if (streams != null) {
            return;
        }
        KafkaStreams made = streams(TestBroker.shared().bootstrap(), state);
        made.start();
        Eventually.holds("the dispatcher runs", () -> made.state() == KafkaStreams.State.RUNNING);
        streams = made;
    }

    /** Stops it; what is written meanwhile is decided when it runs again. */
    public synchronized void stop() {
        if (streams != null) {
            streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                    .withTimeout(Duration.ofSeconds(30)));
            streams = null;
        }
    }

    /** The application of all tests, wherever it runs; one that is killed is replaced within seconds. */
    static KafkaStreams streams(String bootstrap, Path state) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "test-jobs");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        config.put(StreamsConfig.POLL_MS_CONFIG, 10);
        config.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        config.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 2_000);
        config.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 500);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 5_000);
        return new KafkaStreams(topology(), config);
    }

    private static Topology topology() {
        Namespaces namespaces = Namespaces.builtIn();
        return JobTopology.build(
                new JobTopics(
                        Topics.JOB_COMMANDS, Topics.JOB_EVENTS, topic(namespaces, "job"), topic(namespaces, "jobs")),
                new JobSettings(
                        Topics.FACT_PARTITIONS,
                        900_000,
                        JobQueues.builtIn(),
                        Duration.ofMillis(50),
                        500,
                        new DeskSettings(LEASE, RELEASE_TIMEOUT, Duration.ofHours(1), Duration.ofHours(1), 50),
                        Duration.ofMillis(4),
                        Duration.ofMillis(25),
                        50,
                        Duration.ofMillis(100)),
                new DeadLetterForm(Topics.DEAD_LETTERS, "test/jobs", 900_000));
    }

    private static String topic(Namespaces namespaces, String name) {
        return namespaces.of(new Channel(name)).orElseThrow().topic();
    }
}
