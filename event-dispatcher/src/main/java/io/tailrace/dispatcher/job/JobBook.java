package io.tailrace.dispatcher.job;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the jobs of one task, in pieces that can be read and written alone. What is written can be read at once and
 * stays when {@link #keep} is called; {@link #discard} takes it back. No method takes longer because more jobs wait.
 * Single-threaded.
 */
interface JobBook {
    /** The job, or null if there is none, or it was forgotten. */
    @Nullable
    StoredJob job(UUID id);

    /** The payload of a job that has one, as JSON. */
    String payload(UUID id);

    /** Whether there is a payload of a job. One that has succeeded has none, and one that was erased while it ran neither. */
    boolean hasPayload(UUID id);

    /** The queue, or null if nothing ever happened to it. */
    @Nullable
    QueueState queue(String name);

    /** The key; {@link KeyState#NONE} if there is nothing to know. */
    KeyState key(QueueKey key);

    /** Who has a unique key, or had it until some time ago; null if nobody. */
    @Nullable
    UniqueClaim unique(QueueKey key);

    /**
     * Of the jobs in a queue that are {@link JobPhase.Ready} and candidates, and count for a {@link StoredJob#credit}, the first: highest priority, then
     * lowest order.
     */
    @Nullable
    StoredJob firstCandidate(String queue, String credit);

    /** Of all ready jobs of a key, candidate or not, the first. */
    @Nullable
    StoredJob firstReady(QueueKey key);

    /** Jobs that wait for their time, and it has come; earliest first, at most {@code limit}. */
    List<StoredJob> due(long nowMs, int limit);

    /** Jobs that are released, running or stopping, and whose time is over; earliest first, at most {@code limit}. */
    List<StoredJob> overdue(long nowMs, int limit);

    /** Finished jobs that may be forgotten, earliest first, at most {@code limit}. */
    List<StoredJob> forgettable(long nowMs, int limit);

    /** Keys whose {@link KeyState#wakeMs} has come, earliest first, at most {@code limit}. */
    List<QueueKey> waking(long nowMs, int limit);

    /** Keys of a queue that are {@link KeyState#blocked}, in their order, from the first one after {@code after}. */
    List<QueueKey> blocked(String queue, String after, int limit);

    /**
     * Puts a job in the place of what it was.
     *
     * @param before as it is in the book, or null if it is not
     * @param after as it is to be, or null if it is to go
     */
    void putJob(@Nullable StoredJob before, @Nullable StoredJob after);

    /** Keeps a payload, or removes it by null. */
    void putPayload(UUID id, @Nullable String json);

    void putQueue(QueueState queue);

    /**
     * Puts a key in the place of what it was; an empty one is removed.
     *
     * @param before as it is in the book
     */
    void putKey(QueueKey key, KeyState before, KeyState after);

    /** Keeps who has a unique key, or that nobody has. */
    void putUnique(QueueKey key, @Nullable UniqueClaim claim);

    /** What was written since the last call stays. */
    void keep();

    /** What was written since the last {@link #keep} is taken back. */
    void discard();
}
