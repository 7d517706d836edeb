package io.tailrace.dispatcher;

import io.micrometer.core.instrument.Counter;
import io.tailrace.kit.consume.ContinuingPoll;
import io.tailrace.kit.consume.SupervisedLoop;
import io.tailrace.kit.kafka.BrokerOutage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;

/**
 * Makes Kafka Streams' clients as it would itself, but for one thing: its consumer has a reset policy, with which it goes on
 * without a word after a topic was truncated. Here it goes on at the same place, and that is told and counted. What
 * was decided by records that are lost stays decided. Thread-safe.
 */
final class StreamsClients implements KafkaClientSupplier {
    private final Counter truncations;
    private final SupervisedLoop starting;
    private volatile boolean constructed;

    /**
     * Clients of one application.
     *
     * @param truncations counts partitions that were cut
     * @param starting runs the constructor of {@link KafkaStreams}
     */
    StreamsClients(Counter truncations, SupervisedLoop starting) {
        this.truncations = truncations;
        this.starting = starting;
    }

    /** From now on a client that cannot be made is whoever asks for it to deal with. */
    void constructed() {
        constructed = true;
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return make(() -> Admin.create(config));
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return make(() -> new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()));
    }

    /** Streams itself begins at a topic's start where nothing is committed, for it knows the policy that is taken away. */
    @Override
    @SuppressWarnings("unchecked")
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        Map<String, Object> withoutReset = new HashMap<>(config);
        withoutReset.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        Consumer<byte[], byte[]> consumer = consumer(withoutReset);
        return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                Consumer.class.getClassLoader(), new Class<?>[] {Consumer.class}, (self, method, arguments) -> {
                    if (method.getName().equals("poll") && arguments[0] instanceof Duration wait) {
                        return ContinuingPoll.poll(consumer, wait, truncations::increment);
                    }
                    try {
                        return method.invoke(consumer, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return consumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return consumer(config);
    }

    private Consumer<byte[], byte[]> consumer(Map<String, Object> config) {
        return make(() -> new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
    }

    /**
     * While Streams is constructed this waits for names that do not resolve. A constructor that has failed keeps the state
     * directory locked for as long as the process lives, so there is no second attempt.
     */
    private <T> T make(Supplier<T> maker) {
        while (true) {
            try {
                return maker.get();
            } catch (KafkaException e) {
                if (constructed || starting.isStopping() || !BrokerOutage.isCauseOf(e)) {
                    throw e;
                }
                starting.pause(starting.failed(e));
            }
        }
    }
}
