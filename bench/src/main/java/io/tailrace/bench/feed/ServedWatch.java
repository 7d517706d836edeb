package io.tailrace.bench.feed;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads the log of the feeds and sees which followers of a crowd have a post, each once or not. One thread of its own. */
final class ServedWatch implements AutoCloseable {
    static final String FEEDS = "tailrace.channels.feed";

    private static final Duration POLL = Duration.ofMillis(100);

    private final Crowd crowd;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final BitSet served = new BitSet();
    private final CountDownLatch all = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "served-watch");
    private volatile boolean closed;
    private volatile byte @Nullable [] post;
    private volatile long lastNs;
    private volatile int twice;
    private volatile int count;

    /** Begins at the log's end as of now. */
    ServedWatch(String bootstrap, Crowd crowd) {
        this.crowd = crowd;
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed", "max.poll.records", 10_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(FEEDS).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        thread.start();
    }

    /** Names the post; nothing else of the crowd's feeds may be written before. */
    void expect(String postId) {
        post = postId.getBytes(StandardCharsets.US_ASCII);
    }

    /** Waits until every follower has it; returns when the last one had, as {@link System#nanoTime()}, or 0 if not in time. */
    long awaitAll(long timeoutMs) throws InterruptedException {
        return all.await(timeoutMs, TimeUnit.MILLISECONDS) ? lastNs : 0;
    }

    /** How many have it. */
    int count() {
        return count;
    }

    /** Records beyond the first for a follower. */
    int twice() {
        return twice;
    }

    /** The counts are written by this thread alone, so that adding to them needs no lock. */
    private void run() {
        while (!closed) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                UUID user = Crowd.user(record.key());
                int number = user == null ? -1 : crowd.number(user);
                if (number < 0 || !isThePost(record)) {
                    continue;
                }
                if (served.get(number)) {
                    twice++;
                } else {
                    served.set(number);
                    count++;
                }
            }
            if (count == crowd.size() && all.getCount() > 0) {
                lastNs = System.nanoTime();
                all.countDown();
            }
        }
    }

    private boolean isThePost(ConsumerRecord<byte[], byte[]> record) {
        byte[] expected = post;
        @Nullable Header id = record.headers().lastHeader("ce_id");
        return expected == null || id != null && Arrays.equals(id.value(), expected);
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
        consumer.close();
    }
}
