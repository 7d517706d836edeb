package io.tailrace.dispatcher.job;

import io.tailrace.contracts.job.JobSpec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.common.utils.Bytes;

/** The keys of the store: one letter for the kind, then what orders it, then what it is. Stateless. */
final class JobKeys {
    private static final byte CLOCK = 'c';
    private static final byte JOB = 'j';
    private static final byte PAYLOAD = 'p';
    private static final byte QUEUE = 'q';
    private static final byte KEY = 'k';
    private static final byte UNIQUE = 'u';
    private static final byte CANDIDATE = 't';
    private static final byte CANDIDATE_OF_SHARED = 'r';
    private static final byte READY_OF_KEY = 's';
    private static final byte BLOCKED = 'b';
    private static final byte WAKE = 'w';
    private static final byte DUE = 'd';
    private static final byte LEASE = 'l';
    private static final byte FORGET = 'f';
    private static final int UUID_BYTES = 16;

    /** Jobs that wait for their time, by it. */
    static final Bytes DUE_INDEX = Bytes.wrap(new byte[] {DUE});

    /** Jobs that a token stands for, by the end of their time. */
    static final Bytes LEASE_INDEX = Bytes.wrap(new byte[] {LEASE});

    /** Finished jobs, by when they are forgotten. */
    static final Bytes FORGET_INDEX = Bytes.wrap(new byte[] {FORGET});

    /** Keys that wait for their time, by it. */
    static final Bytes WAKE_INDEX = Bytes.wrap(new byte[] {WAKE});

    private JobKeys() {}

    /** Whether a key is of an entry that almost every decision changes: the state of a queue, or the time of the log. */
    static boolean isHot(Bytes key) {
        byte kind = key.get()[0];
        return kind == QUEUE || kind == CLOCK;
    }

    static Bytes clock() {
        return Bytes.wrap(new byte[] {CLOCK});
    }

    static Bytes job(UUID id) {
        return Bytes.wrap(put(start(JOB, UUID_BYTES), id).array());
    }

    static Bytes payload(UUID id) {
        return Bytes.wrap(put(start(PAYLOAD, UUID_BYTES), id).array());
    }

    static Bytes queue(String name) {
        return Bytes.wrap(named(QUEUE, name, 0).array());
    }

    static Bytes key(QueueKey key) {
        return withKey(KEY, key);
    }

    static Bytes unique(QueueKey key) {
        return withKey(UNIQUE, key);
    }

    /** What the keys of the candidates in a queue begin with that count for a {@link StoredJob#credit}. */
    static Bytes candidates(String queue, String credit) {
        return Bytes.wrap(ofCredit(queue, credit, 0).array());
    }

    /** Ordered so that what is released first is first. */
    static Bytes candidate(String queue, String credit, int priority, long order) {
        return Bytes.wrap(place(ofCredit(queue, credit, 1 + Long.BYTES), priority, order));
    }

    /** Those that share a credit are where all candidates were before types had credits, so that what was ready then is found. */
    private static ByteBuffer ofCredit(String queue, String credit, int more) {
        if (credit.equals(QueueState.SHARED)) {
            return named(CANDIDATE_OF_SHARED, queue, more);
        }
        byte[] name = credit.getBytes(StandardCharsets.UTF_8);
        return named(CANDIDATE, queue, 1 + name.length + more)
                .put((byte) name.length)
                .put(name);
    }

    /** What the keys of the ready jobs of a key begin with. */
    static Bytes readyOf(QueueKey key) {
        return Bytes.wrap(readyOf(key, 0).array());
    }

    /** As {@link #candidate}, of all ready jobs of a key. */
    static Bytes readyOf(QueueKey key, int priority, long order) {
        return Bytes.wrap(place(readyOf(key, 1 + Long.BYTES), priority, order));
    }

    /** The length of the key is there so that no key's jobs lie between another's. */
    private static ByteBuffer readyOf(QueueKey key, int more) {
        byte[] text = key.key().getBytes(StandardCharsets.UTF_8);
        return named(READY_OF_KEY, key.queue(), Short.BYTES + text.length + more)
                .putShort((short) text.length)
                .put(text);
    }

    /** What the keys of the blocked keys of a queue begin with. */
    static Bytes blocked(String queue) {
        return Bytes.wrap(named(BLOCKED, queue, 0).array());
    }

    static Bytes blocked(QueueKey key) {
        return withKey(BLOCKED, key);
    }

    /** The key of a {@link #blocked(QueueKey)}. */
    static QueueKey blockedKey(Bytes key) {
        return queueKey(key, 1);
    }

    static Bytes due(long atMs, UUID job) {
        return timed(DUE, atMs, job);
    }

    static Bytes lease(long atMs, UUID job) {
        return timed(LEASE, atMs, job);
    }

    static Bytes forget(long atMs, UUID job) {
        return timed(FORGET, atMs, job);
    }

    /** The job of a key that begins with a kind and a time. */
    static UUID timedJob(Bytes key) {
        ByteBuffer bytes = ByteBuffer.wrap(key.get());
        return new UUID(bytes.getLong(1 + Long.BYTES), bytes.getLong(1 + 2 * Long.BYTES));
    }

    static Bytes wake(long atMs, QueueKey key) {
        byte[] queue = key.queue().getBytes(StandardCharsets.UTF_8);
        byte[] text = key.key().getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(start(WAKE, Long.BYTES + 1 + queue.length + text.length)
                .putLong(atMs)
                .put((byte) queue.length)
                .put(queue)
                .put(text)
                .array());
    }

    /** The key of a {@link #wake}. */
    static QueueKey wakingKey(Bytes key) {
        return queueKey(key, 1 + Long.BYTES);
    }

    /** Where what is due after {@code nowMs} begins, in an index by time. */
    static Bytes after(Bytes index, long nowMs) {
        return Bytes.wrap(ByteBuffer.allocate(1 + Long.BYTES)
                .put(index.get()[0])
                .putLong(nowMs + 1)
                .array());
    }

    private static ByteBuffer start(byte kind, int more) {
        return ByteBuffer.allocate(1 + more).put(kind);
    }

    private static ByteBuffer named(byte kind, String queue, int more) {
        byte[] name = queue.getBytes(StandardCharsets.UTF_8);
        return start(kind, 1 + name.length + more).put((byte) name.length).put(name);
    }

    private static Bytes withKey(byte kind, QueueKey key) {
        byte[] text = key.key().getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(named(kind, key.queue(), text.length).put(text).array());
    }

    private static byte[] place(ByteBuffer key, int priority, long order) {
        return key.put((byte) (JobSpec.MAX_PRIORITY - priority)).putLong(order).array();
    }

    private static Bytes timed(byte kind, long atMs, UUID job) {
        return Bytes.wrap(
                put(start(kind, Long.BYTES + UUID_BYTES).putLong(atMs), job).array());
    }

    private static QueueKey queueKey(Bytes key, int at) {
        byte[] bytes = key.get();
        int length = bytes[at];
        String queue = new String(bytes, at + 1, length, StandardCharsets.UTF_8);
        int from = at + 1 + length;
        return new QueueKey(queue, new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8));
    }

    private static ByteBuffer put(ByteBuffer key, UUID id) {
        return key.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }
}
