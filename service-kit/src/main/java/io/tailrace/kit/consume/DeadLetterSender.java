package io.tailrace.kit.consume;

import io.tailrace.kit.kafka.DeadLetters;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/** Puts records that cannot be used where a person can look at them. Thread-safe. */
public final class DeadLetterSender implements AutoCloseable {
    private final Producer<byte[], byte[]> producer;

    /** Over a producer that this closes; its {@code delivery.timeout.ms} bounds every wait. */
    public DeadLetterSender(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /**
     * Sends, and returns when the brokers have all of them. A record that is too large together with the headers that
     * explain it goes without its value: the headers say where the original is.
     *
     * @param consumer who could not use them
     * @throws KafkaException if the brokers do not take them; some may be there and will be sent again
     */
    public void send(String consumer, List<Poisoned> poisoned) {
        List<Future<RecordMetadata>> sent = new ArrayList<>(poisoned.size());
        for (Poisoned each : poisoned) {
            sent.add(producer.send(DeadLetters.of(each.record(), consumer, each.reason())));
        }
        for (int i = 0; i < sent.size(); i++) {
            try {
                await(sent.get(i));
            } catch (RecordTooLargeException e) {
                Poisoned each = poisoned.get(i);
                await(producer.send(DeadLetters.withoutValue(DeadLetters.of(each.record(), consumer, each.reason()))));
            }
        }
    }

    @Override
    public void close() {
        producer.close();
    }

    private static void await(Future<RecordMetadata> sent) {
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
