package io.tailrace.kit.broker;

import io.micronaut.context.BeanContext;
import jakarta.inject.Singleton;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Makes the consumers whose position is their group's as micronaut-kafka makes those of its listeners, with its settings and
 * numbers. A listener itself has one group for as long as the process lives, and is made while the context starts. Thread-safe;
 * whoever asks for a consumer closes it.
 */
@Singleton
public final class ConsumerBeans {
    private final BeanContext context;

    /** Makes consumers of a context. */
    public ConsumerBeans(BeanContext context) {
        this.context = context;
    }

    /**
     * A new consumer of bytes that commits nothing by itself.
     *
     * @param name of its settings {@code kafka.consumers.<name>.*}
     * @param own settings of Kafka's consumer by their names, over all others: its group and its client id at least
     * @throws org.apache.kafka.common.KafkaException if it cannot be made, for example because no broker's name resolves
     */
    public Consumer<byte[], byte[]> make(String name, Map<String, Object> own) {
        ConsumerConfiguration configuration = context.createBean(ConsumerConfiguration.class, name, own);
        @SuppressWarnings("unchecked") // of the configuration's types
        Consumer<byte[], byte[]> consumer = context.createBean(Consumer.class, configuration);
        return consumer;
    }
}
