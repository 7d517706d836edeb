package io.tailrace.kit.broker;

import io.micronaut.configuration.kafka.DefaultProducerFactory;
import io.micronaut.configuration.kafka.ProducerFactory;
import io.micronaut.context.annotation.Replaces;
import io.tailrace.kit.kafka.ClientOnDemand;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * The producers that micronaut-kafka injects. They are made by their first call, because a name that does not resolve must not
 * keep a service from starting, and made anew after a fault from which a producer does not recover. Their {@code close()} is
 * bounded, also when the package calls it.
 */
@Singleton
@Replaces(DefaultProducerFactory.class)
final class ProducersOnDemand implements ProducerFactory {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    @Override
    public <K, V> Producer<K, V> createProducer(
            Properties config, @Nullable Serializer<K> keySerializer, @Nullable Serializer<V> valueSerializer) {
        return new ClientOnDemand<Producer<K, V>>(
                        Producer.class, self -> make(config, keySerializer, valueSerializer, self::renew))
                .client();
    }

    /** A producer that has been made, and tells {@code onBroken} when it is beyond repair. */
    static <K, V> Producer<K, V> make(
            Properties config,
            @Nullable Serializer<K> keySerializer,
            @Nullable Serializer<V> valueSerializer,
            Consumer<Producer<K, V>> onBroken) {
        return new Made<>(config, keySerializer, valueSerializer, onBroken);
    }

    /** One that tells when it is beyond repair. */
    private static final class Made<K, V> extends KafkaProducer<K, V> {
        private final Consumer<Producer<K, V>> onBroken;

        Made(
                Properties config,
                @Nullable Serializer<K> keySerializer,
                @Nullable Serializer<V> valueSerializer,
                Consumer<Producer<K, V>> onBroken) {
            super(config, keySerializer, valueSerializer);
            this.onBroken = onBroken;
        }

        /** What a record or a broker is to blame for comes by the future and the callback; what is thrown is the producer's. */
        @Override
        public Future<RecordMetadata> send(ProducerRecord<K, V> record, @Nullable Callback callback) {
            try {
                return super.send(record, callback);
            } catch (InterruptException | SerializationException e) {
                throw e;
            } catch (KafkaException | IllegalStateException e) {
                onBroken.accept(this);
                throw e;
            }
        }

        @Override
        public void close() {
            close(CLOSE_TIMEOUT);
        }
    }
}
