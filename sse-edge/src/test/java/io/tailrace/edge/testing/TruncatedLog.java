package io.tailrace.edge.testing;

import io.tailrace.backends.Eventually;
import java.util.List;

/**
 * A log that loses its newest records for real: they are written while the followers are away, and a follower that does not
 * have them becomes the leader. Used by one thread.
 */
public final class TruncatedLog implements AutoCloseable {
    private final TestBroker brokers = TestBroker.threeUnclean();

    /** A healthy cluster with these topics, all of it led by broker 0. */
    public TruncatedLog(List<Topic> topics) {
        topics.forEach(topic -> brokers.create(topic.name(), topic.partitions()));
    }

    /** A topic to be made. */
    public record Topic(String name, int partitions) {}

    /** The brokers. */
    public TestBroker brokers() {
        return brokers;
    }

    /** From now on what is written will be lost. */
    public void beginToLose() {
        brokers.stop(1);
        brokers.stop(2);
    }

    /** The leader dies and takes with it what only it has. Returns when every partition has another leader. */
    public void lose(List<Topic> topics) {
        brokers.stop(0);
        brokers.startAlone(1);
        brokers.startAlone(2);
        for (Topic topic : topics) {
            Eventually.holds(
                    topic + " is led by another",
                    () -> brokers.admin().describeTopics(List.of(topic.name())).allTopicNames().get().values().stream()
                            .flatMap(description -> description.partitions().stream())
                            .allMatch(partition -> partition.leader() != null
                                    && partition.leader().id() > 0));
        }
    }

    /** The first leader comes again, as a follower, and cuts its log. */
    public void heal() {
        brokers.start(0);
    }

    @Override
    public void close() {
        brokers.end();
    }
}
