package io.tailrace.backends;

import java.util.Map;

/** Brokers, each of which can be away for a while. Thread-safe. */
public interface KafkaCluster extends AutoCloseable {
    /**
     * Settings of brokers any of which may be elected, also one that has not all records, and which is elected soon. A broker that
     * comes again is let in when the time of its former life is over.
     */
    Map<String, String> LOSING_RECORDS = Map.of(
            "unclean.leader.election.enable", "true",
            "min.insync.replicas", "1",
            "default.replication.factor", "3",
            "offsets.topic.replication.factor", "3",
            "broker.session.timeout.ms", "3000",
            "broker.heartbeat.interval.ms", "200");

    /**
     * Three brokers that lose records when those that have them are stopped. Never in containers, where the first broker takes
     * the controller with it and nobody would be elected.
     */
    static KafkaCluster losingRecords() {
        return Backends.named(Backends.DEFAULT).kafka(3, LOSING_RECORDS);
    }

    /** {@code bootstrap.servers}, the same after every start. */
    String bootstrap();

    /**
     * Stops a broker in order and returns when it has ended. Brokers other than 0 leave the controller behind; whether broker
     * 0 takes it along is the provider's affair.
     */
    void stop(int broker);

    /** Starts a broker again with its data, and returns when it answers. */
    void start(int broker);

    /** Ends all of it for good and deletes the data. */
    @Override
    void close();
}
