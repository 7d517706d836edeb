package io.tailrace.ingest.log;

import io.tailrace.kit.kafka.KafkaSettings;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/**
 * The one producer of this service: made at first use, so that the service starts while Kafka is away, and made anew
 * after a fault that a producer does not recover from. Owns it and closes it. Thread-safe.
 */
@Singleton
public final class ProducerSlot {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final KafkaSettings kafka;
    private final LogSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Producer<byte[], byte[]> producer;
    private boolean closed;

    /** A slot for a producer with these settings. */
    public ProducerSlot(KafkaSettings kafka, LogSettings settings) {
        this.kafka = kafka;
        this.settings = settings;
    }

    /**
     * The producer.
     *
     * @throws org.apache.kafka.common.KafkaException if it cannot be made, for example because no broker's name resolves
     * @throws IllegalStateException if the service is stopping
     */
    Producer<byte[], byte[]> get() {
        Producer<byte[], byte[]> present = producer;
        if (present != null) {
            return present;
        }
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the service is stopping");
            }
            Producer<byte[], byte[]> made = producer;
            if (made == null) {
                made = new KafkaProducer<>(config());
                producer = made;
            }
            return made;
        } finally {
            lock.unlock();
        }
    }

    /** Makes the next {@link #get()} give a new producer, unless somebody saw to that already. */
    void discard(@Nullable Producer<byte[], byte[]> broken) {
        lock.lock();
        try {
            if (broken != null && producer == broken) {
                producer = null;
                Thread.ofVirtual().name("producer-close").start(() -> broken.close(CLOSE_TIMEOUT));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Sends what is buffered and closes the producer. */
    @PreDestroy
    void close() {
        lock.lock();
        try {
            closed = true;
            Producer<byte[], byte[]> present = producer;
            producer = null;
            if (present != null) {
                present.close(CLOSE_TIMEOUT);
            }
        } finally {
            lock.unlock();
        }
    }

    private Map<String, Object> config() {
        Map<String, Object> config = kafka.producer("ingest-api");
        int deliveryTimeoutMs = Math.toIntExact(settings.deliveryTimeout().toMillis());
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, deliveryTimeoutMs);
        // Short enough to ask a second time within the delivery timeout.
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.max(250, deliveryTimeoutMs / 3));
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, settings.maxBlock().toMillis());
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, settings.bufferBytes());
        // Small records of one moment share a request; it holds a largest record as well.
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, settings.maxRecordBytes() + 64 * 1024);
        config.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
        return config;
    }
}
