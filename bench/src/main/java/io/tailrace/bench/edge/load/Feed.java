package io.tailrace.bench.edge.load;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages to the channels of one topic, each with the next number of its channel and the moment of its sending.
 * Open loop: a slow server does not slow it. Used by one thread.
 */
public final class Feed implements AutoCloseable {
    private static final int FILLER = 40;
    private static final long FLUSH_TIMEOUT_MS = 30_000;

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final byte[][] keys;
    private final long[] next;
    private final AtomicReference<@Nullable Exception> fault = new AtomicReference<>();
    private final List<Header> headers;

    /**
     * A feed that has sent nothing.
     *
     * @param namespace the first part of its channels' names; the second is a number from 0
     * @param lingerMs how long Kafka's producer waits for more, so that a burst is one batch
     */
    public Feed(String bootstrap, String topic, String namespace, int channels, int lingerMs) {
        this.topic = topic;
        this.keys = new byte[channels][];
        for (int i = 0; i < channels; i++) {
            keys[i] = (namespace + ":" + i).getBytes(StandardCharsets.US_ASCII);
        }
        this.next = new long[channels];
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "acks",
                        "all",
                        "linger.ms",
                        lingerMs,
                        "batch.size",
                        131_072,
                        "max.block.ms",
                        30_000),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.headers = List.of(
                header("ce_specversion", "1.0"),
                header("ce_id", "0190f3c2-0000-7000-8000-000000000000"),
                header("ce_type", "tick"),
                header("ce_source", "/bench"),
                header("ce_time", Instant.EPOCH.toString()));
        producer.partitionsFor(topic);
    }

    /** The number that each channel's next message will have. */
    public long[] next() {
        return next.clone();
    }

    /** Sends one message to a channel. */
    public void send(int channel) {
        long number = next[channel]++;
        byte[] value = Message.value(channel, number, System.nanoTime(), FILLER);
        var unused = producer.send(
                new ProducerRecord<>(topic, null, null, keys[channel], value, headers), (metadata, failure) -> {
                    if (failure != null) {
                        fault.compareAndSet(null, failure);
                    }
                });
    }

    /**
     * Sends bursts at a steady rate, and waits until the broker has all of them.
     *
     * @param perSecond bursts in a second
     * @param count bursts in all
     * @param size messages in each
     * @param spread whether the messages of a burst go to one channel after the other; else each burst is of channel 0
     */
    public void run(int perSecond, int count, int size, boolean spread) {
        long intervalNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long due = System.nanoTime() + intervalNs;
        int channel = 0;
        for (int i = 0; i < count; i++, due += intervalNs) {
            long wait;
            while ((wait = due - System.nanoTime()) > 0) {
                LockSupport.parkNanos(wait);
            }
            for (int j = 0; j < size; j++) {
                send(channel);
                channel = spread ? (channel + 1) % keys.length : 0;
            }
        }
        flush();
    }

    /** Waits until the broker has everything. */
    public void flush() {
        producer.flush();
        Exception failure = fault.get();
        if (failure != null) {
            throw new IllegalStateException("a message did not reach " + topic, failure);
        }
    }

    @Override
    public void close() {
        producer.close(java.time.Duration.ofMillis(FLUSH_TIMEOUT_MS));
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.US_ASCII));
    }
}
