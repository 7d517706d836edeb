package io.tailrace.backends;

/** Brokers, each of which can be away for a while. Thread-safe. */
public interface KafkaCluster extends AutoCloseable {
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
