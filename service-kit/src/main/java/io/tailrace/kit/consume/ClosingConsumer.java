package io.tailrace.kit.consume;

import java.time.Duration;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * A consumer for a {@code try} statement, which is closed without a long wait for brokers that may be away. Confined to the
 * thread of the consumer.
 *
 * @param consumer belongs to this record from now on
 */
public record ClosingConsumer(Consumer<byte[], byte[]> consumer) implements AutoCloseable {
    /** The longest time that closing takes. */
    public static final Duration TIMEOUT = Duration.ofSeconds(1);

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(TIMEOUT));
    }
}
