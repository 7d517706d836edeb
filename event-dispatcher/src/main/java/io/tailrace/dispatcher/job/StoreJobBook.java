package io.tailrace.dispatcher.job;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The book in a Kafka Streams store: each entry is a record of its own, and what has to be found in an order has an index. Which
 * indexes a job is in follows from where it stands ({@link JobPhase}). Belongs to one task.
 */
final class StoreJobBook implements JobBook {
    private static final byte[] PRESENT = {1};

    /** Of each task, some hundred bytes each: about what is released and runs of busy queues. */
    private static final int JOBS_REMEMBERED = 2_048;

    private final PendingStore store;

    /** Of this task's queues, which are declared and so few. */
    private final Map<String, QueueState> queues = new HashMap<>();

    private final Set<String> changedQueues = new HashSet<>();

    /**
     * Jobs that were looked at or written last, as they are in the store. Most jobs are released, started and ended soon one after the other, and each
     * time their entry would be read and parsed.
     */
    private final Map<UUID, StoredJob> latest = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, StoredJob> eldest) {
            return size() > JOBS_REMEMBERED;
        }
    };

    /** Jobs that were written since the last {@link #keep}; null for one that goes. */
    private final Map<UUID, @Nullable StoredJob> changedJobs = new LinkedHashMap<>();

    StoreJobBook(KeyValueStore<Bytes, byte[]> store) {
        this.store = new PendingStore(store);
    }

    @Override
    public @Nullable StoredJob job(UUID id) {
        if (changedJobs.containsKey(id)) {
            return changedJobs.get(id);
        }
        StoredJob known = latest.get(id);
        if (known != null) {
            return known;
        }
        byte @Nullable [] bytes = store.get(JobKeys.job(id));
        if (bytes == null) {
            return null;
        }
        StoredJob stored = JobBytes.job(bytes, id);
        latest.put(id, stored);
        return stored;
    }

    @Override
    public String payload(UUID id) {
        byte[] bytes = Objects.requireNonNull(store.get(JobKeys.payload(id)), "a job has no payload");
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean hasPayload(UUID id) {
        return store.get(JobKeys.payload(id)) != null;
    }

    @Override
    public @Nullable QueueState queue(String name) {
        QueueState known = queues.get(name);
        if (known != null) {
            return known;
        }
        byte @Nullable [] bytes = store.get(JobKeys.queue(name));
        if (bytes == null) {
            return null;
        }
        QueueState stored = JobBytes.queue(bytes, name);
        queues.put(name, stored);
        return stored;
    }

    @Override
    public KeyState key(QueueKey key) {
        byte @Nullable [] bytes = store.get(JobKeys.key(key));
        return bytes == null ? KeyState.NONE : JobBytes.key(bytes);
    }

    @Override
    public @Nullable UniqueClaim unique(QueueKey key) {
        byte @Nullable [] bytes = store.get(JobKeys.unique(key));
        return bytes == null ? null : JobBytes.claim(bytes);
    }

    @Override
    public @Nullable StoredJob firstCandidate(String queue, String credit) {
        KeyValue<Bytes, byte[]> first = store.first(JobKeys.candidates(queue, credit));
        return first == null ? null : stored(uuid(first.value));
    }

    @Override
    public @Nullable StoredJob firstReady(QueueKey key) {
        Bytes index = JobKeys.readyOf(key);
        List<KeyValue<Bytes, byte[]>> first = store.first(index, index, Bytes.increment(index), 1);
        return first.isEmpty() ? null : stored(uuid(first.getFirst().value));
    }

    @Override
    public List<StoredJob> due(long nowMs, int limit) {
        return timed(JobKeys.DUE_INDEX, nowMs, limit);
    }

    @Override
    public List<StoredJob> overdue(long nowMs, int limit) {
        return timed(JobKeys.LEASE_INDEX, nowMs, limit);
    }

    @Override
    public List<StoredJob> forgettable(long nowMs, int limit) {
        return timed(JobKeys.FORGET_INDEX, nowMs, limit);
    }

    private List<StoredJob> timed(Bytes index, long nowMs, int limit) {
        return store.first(index, index, JobKeys.after(index, nowMs), limit).stream()
                .map(entry -> stored(JobKeys.timedJob(entry.key)))
                .toList();
    }

    @Override
    public List<QueueKey> waking(long nowMs, int limit) {
        Bytes index = JobKeys.WAKE_INDEX;
        return store.first(index, index, JobKeys.after(index, nowMs), limit).stream()
                .map(entry -> JobKeys.wakingKey(entry.key))
                .toList();
    }

    @Override
    public List<QueueKey> blocked(String queue, String after, int limit) {
        Bytes index = JobKeys.blocked(queue);
        // One more than asked for, because the one to begin after may be there.
        Bytes from = after.isEmpty() ? index : JobKeys.blocked(new QueueKey(queue, after));
        return store.first(index, from, Bytes.increment(index), limit + 1).stream()
                .map(entry -> JobKeys.blockedKey(entry.key))
                .filter(key -> !key.key().equals(after))
                .limit(limit)
                .toList();
    }

    @Override
    public void putJob(@Nullable StoredJob before, @Nullable StoredJob after) {
        UUID id = Objects.requireNonNull(after == null ? before : after).id();
        changedJobs.put(id, after);
        if (before != null) {
            putIndexes(before, false);
        }
        if (after != null) {
            putIndexes(after, true);
        }
    }

    /** Puts a job into the indexes that its phase asks for, or takes it out of them. */
    private void putIndexes(StoredJob job, boolean present) {
        long atMs = job.phase().wakeMs();
        byte @Nullable [] there = present ? PRESENT : null;
        switch (job.phase()) {
            case JobPhase.Delayed _ -> store.put(JobKeys.DUE_INDEX, JobKeys.due(atMs, job.id()), there);
            case JobPhase.Ready(boolean candidate, boolean _) ->
                putReady(job, candidate, present ? uuid(job.id()) : null);
            case JobPhase.Released _, JobPhase.Running _, JobPhase.Stopping _ ->
                store.put(JobKeys.LEASE_INDEX, JobKeys.lease(atMs, job.id()), there);
            case JobPhase.Finished _ -> store.put(JobKeys.FORGET_INDEX, JobKeys.forget(atMs, job.id()), there);
        }
    }

    private void putReady(StoredJob job, boolean candidate, byte @Nullable [] id) {
        if (candidate) {
            putCandidate(job, id);
        }
        QueueKey key = job.key();
        if (key != null) {
            int priority = job.spec().priority();
            store.put(JobKeys.readyOf(key), JobKeys.readyOf(key, priority, job.order()), id);
        }
    }

    private void putCandidate(StoredJob job, byte @Nullable [] id) {
        Bytes entry = JobKeys.candidate(job.queue(), job.credit(), job.spec().priority(), job.order());
        store.put(JobKeys.candidates(job.queue(), job.credit()), entry, id);
    }

    @Override
    public void putPayload(UUID id, @Nullable String json) {
        store.put(JobKeys.payload(id), json == null ? null : json.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void putQueue(QueueState queue) {
        queues.put(queue.name(), queue);
        changedQueues.add(queue.name());
    }

    @Override
    public void putKey(QueueKey key, KeyState before, KeyState after) {
        store.put(JobKeys.key(key), after.isEmpty() ? null : JobBytes.key(after));
        if (before.wakeMs() != after.wakeMs()) {
            if (before.wakeMs() != 0) {
                store.put(JobKeys.WAKE_INDEX, JobKeys.wake(before.wakeMs(), key), null);
            }
            if (after.wakeMs() != 0) {
                store.put(JobKeys.WAKE_INDEX, JobKeys.wake(after.wakeMs(), key), PRESENT);
            }
        }
        if (before.blocked() != after.blocked()) {
            store.put(JobKeys.blocked(key.queue()), JobKeys.blocked(key), after.blocked() ? PRESENT : null);
        }
    }

    @Override
    public void putUnique(QueueKey key, @Nullable UniqueClaim claim) {
        store.put(JobKeys.unique(key), claim == null ? null : JobBytes.claim(claim));
    }

    @Override
    public void keep() {
        changedJobs.forEach(this::keep);
        changedQueues.forEach(
                name -> store.put(JobKeys.queue(name), JobBytes.queue(Objects.requireNonNull(queues.get(name)))));
        store.keep();
        changedJobs.clear();
        changedQueues.clear();
    }

    private void keep(UUID id, @Nullable StoredJob job) {
        store.put(JobKeys.job(id), job == null ? null : JobBytes.job(job));
        // Hardly anybody asks for a finished one again; and what is remembered has to be what a restart would read.
        if (job == null || job.phase() instanceof JobPhase.Finished || !JobBytes.isKept(job.spec())) {
            latest.remove(id);
        } else {
            latest.put(id, job);
        }
    }

    @Override
    public void discard() {
        store.discard();
        changedJobs.clear();
        changedQueues.clear();
        queues.clear();
    }

    /** The task's time as it was kept last; 0 at first. */
    long clockMs() {
        byte @Nullable [] bytes = store.get(JobKeys.clock());
        return bytes == null ? 0 : ByteBuffer.wrap(bytes).getLong();
    }

    /** Keeps the task's time, with what else is kept next. */
    void putClock(long nowMs) {
        store.put(
                JobKeys.clock(), ByteBuffer.allocate(Long.BYTES).putLong(nowMs).array());
    }

    private StoredJob stored(UUID id) {
        return Objects.requireNonNull(job(id), "a job is missing that an index names");
    }

    private static byte[] uuid(UUID id) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    private static UUID uuid(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }
}
