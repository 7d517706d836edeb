package io.tailrace.contracts.topic;

import io.tailrace.contracts.channel.KeyPartition;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Keys of facts. A key is an owner, or {@code owner/fact} where an owner has many of them: compaction then keeps each fact
 * until a tombstone of its own erases it, and all of an owner's are in one partition. Pure.
 */
public final class FactKeys {
    private static final char SEPARATOR = '/';

    private FactKeys() {}

    /** The key of one of many facts of an owner. */
    public static String of(UUID owner, UUID fact) {
        return of(owner.toString(), fact.toString());
    }

    /** As {@link #of(UUID, UUID)}, of those who need not have an id of that kind. */
    public static String of(String owner, String fact) {
        return owner + SEPARATOR + fact;
    }

    /** The part of a key that chooses the partition: what is before the first slash, or all of it. */
    public static String owner(String key) {
        int slash = key.indexOf(SEPARATOR);
        return slash < 0 ? key : key.substring(0, slash);
    }

    /** Whether a key is {@code owner/fact}. */
    public static boolean namesFact(String key) {
        return key.indexOf(SEPARATOR) >= 0;
    }

    /** The part of a key that names the fact: what is behind the first slash, or nothing. */
    public static String fact(String key) {
        return key.substring(Math.min(key.length(), owner(key).length() + 1));
    }

    /** The partition of a fact, of {@link Topics#FACT_PARTITIONS}. */
    public static int partition(String key) {
        return KeyPartition.of(owner(key).getBytes(StandardCharsets.UTF_8), Topics.FACT_PARTITIONS);
    }
}
