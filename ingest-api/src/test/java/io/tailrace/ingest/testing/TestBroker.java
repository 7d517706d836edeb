package io.tailrace.ingest.testing;

import io.tailrace.backends.RealBroker;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.contracts.topic.TopicSpec;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.kafka.TopicProvisioner;
import java.util.ArrayList;
import java.util.List;

/** One real broker with all topics of the platform, shared by all tests of a JVM. Thread-safe. */
public final class TestBroker extends RealBroker {
    private static final class Shared {
        static final TestBroker BROKER = new TestBroker();
    }

    /** Kafka's offset of all that is there. */
    private static final long END = -1;

    private final KafkaSettings settings = KafkaSettings.of(bootstrap());

    private TestBroker() {
        List<TopicSpec> topics = new ArrayList<>(Topics.all(Namespaces.builtIn()));
        topics.addAll(JobQueues.builtIn().topics());
        var unused = new TopicProvisioner(settings).provision(topics);
    }

    /** The one broker of this JVM. */
    public static TestBroker shared() {
        return Shared.BROKER;
    }

    /** Has the channels to which posts are delivered forget all that they have. */
    public void forgetDeliveredPosts() {
        for (String name : List.of("feed", "author", "upload", "answer")) {
            Namespace channels = Namespaces.builtIn().of(new Channel(name)).orElseThrow();
            for (int partition = 0; partition < channels.partitions(); partition++) {
                deleteRecordsBelow(channels.topic(), partition, END);
            }
        }
    }

    /** How to reach it. */
    public KafkaSettings settings() {
        return settings;
    }
}
