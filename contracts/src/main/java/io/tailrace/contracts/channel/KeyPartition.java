package io.tailrace.contracts.channel;

/**
 * Kafka's default partitioning of a record with a key: {@code (murmur2(key) & 0x7fffffff) % partitions}.
 *
 * <p>An edge must know where a channel lives without asking a producer, so the arithmetic is part of the contract. That
 * it is the same as the Kafka client's is a test in {@code service-kit}, which has the client.
 */
public final class KeyPartition {
    private static final int SEED = 0x9747b28c;
    private static final int M = 0x5bd1e995;
    private static final int R = 24;

    private KeyPartition() {}

    /**
     * The partition of a key.
     *
     * @param key the record's key as bytes
     * @param partitionCount partitions of the topic, at least 1
     */
    public static int of(byte[] key, int partitionCount) {
        if (partitionCount < 1) {
            throw new IllegalArgumentException("partitionCount: " + partitionCount + ", expected at least 1");
        }
        return (murmur2(key) & 0x7fffffff) % partitionCount;
    }

    private static int murmur2(byte[] data) {
        int h = SEED ^ data.length;
        int whole = data.length / 4 * 4;
        for (int i = 0; i < whole; i += 4) {
            int k = (data[i] & 0xff)
                    | (data[i + 1] & 0xff) << 8
                    | (data[i + 2] & 0xff) << 16
                    | (data[i + 3] & 0xff) << 24;
            k *= M;
            k ^= k >>> R;
            k *= M;
            h *= M;
            h ^= k;
        }
        int tail = 0;
        for (int i = data.length - 1; i >= whole; i--) {
            tail = tail << 8 | (data[i] & 0xff);
        }
        if (whole < data.length) {
            h ^= tail;
            h *= M;
        }
        h ^= h >>> 13;
        h *= M;
        return h ^ h >>> 15;
    }
}
