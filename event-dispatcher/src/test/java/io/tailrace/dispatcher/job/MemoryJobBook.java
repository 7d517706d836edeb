package io.tailrace.dispatcher.job;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A book in memory without any index: whatever is asked for is searched among all. */
final class MemoryJobBook implements JobBook {
    private static final Comparator<StoredJob> FIRST =
            Comparator.comparing((StoredJob job) -> -job.spec().priority()).thenComparing(StoredJob::order);

    private final Map<UUID, StoredJob> jobs = new TreeMap<>();
    private final Map<UUID, String> payloads = new HashMap<>();
    private final Map<String, QueueState> queues = new HashMap<>();
    private final Map<QueueKey, KeyState> keys = new HashMap<>();
    private final Map<QueueKey, UniqueClaim> unique = new HashMap<>();

    @Override
    public @Nullable StoredJob job(UUID id) {
        return jobs.get(id);
    }

    @Override
    public String payload(UUID id) {
        return Objects.requireNonNull(payloads.get(id));
    }

    @Override
    public boolean hasPayload(UUID id) {
        return payloads.containsKey(id);
    }

    @Override
    public @Nullable QueueState queue(String name) {
        return queues.get(name);
    }

    @Override
    public KeyState key(QueueKey key) {
        return keys.getOrDefault(key, KeyState.NONE);
    }

    @Override
    public @Nullable UniqueClaim unique(QueueKey key) {
        return unique.get(key);
    }

    @Override
    public @Nullable StoredJob firstCandidate(String queue, String credit) {
        return first(job -> job.queue().equals(queue)
                && job.credit().equals(credit)
                && job.phase() instanceof JobPhase.Ready(boolean candidate, boolean _)
                && candidate);
    }

    @Override
    public @Nullable StoredJob firstReady(QueueKey key) {
        return first(job -> key.equals(job.key()) && job.phase() instanceof JobPhase.Ready);
    }

    private @Nullable StoredJob first(Predicate<StoredJob> wanted) {
        return jobs.values().stream().filter(wanted).min(FIRST).orElse(null);
    }

    @Override
    public List<StoredJob> due(long nowMs, int limit) {
        return timed(job -> job.phase() instanceof JobPhase.Delayed, nowMs, limit);
    }

    @Override
    public List<StoredJob> overdue(long nowMs, int limit) {
        return timed(job -> job.phase().isActive(), nowMs, limit);
    }

    @Override
    public List<StoredJob> forgettable(long nowMs, int limit) {
        return timed(job -> job.phase() instanceof JobPhase.Finished, nowMs, limit);
    }

    private List<StoredJob> timed(Predicate<StoredJob> wanted, long nowMs, int limit) {
        return jobs.values().stream()
                .filter(job -> wanted.test(job) && job.phase().wakeMs() <= nowMs)
                .sorted(Comparator.comparing(job -> job.phase().wakeMs()))
                .limit(limit)
                .toList();
    }

    @Override
    public List<QueueKey> waking(long nowMs, int limit) {
        return keys.entrySet().stream()
                .filter(entry ->
                        entry.getValue().wakeMs() != 0 && entry.getValue().wakeMs() <= nowMs)
                .sorted(Comparator.comparing((Map.Entry<QueueKey, KeyState> entry) ->
                                entry.getValue().wakeMs())
                        .thenComparing(entry -> entry.getKey().key()))
                .limit(limit)
                .map(Map.Entry::getKey)
                .toList();
    }

    @Override
    public List<QueueKey> blocked(String queue, String after, int limit) {
        Stream<QueueKey> blocked = keys.entrySet().stream()
                .filter(entry -> entry.getValue().blocked())
                .map(Map.Entry::getKey);
        return blocked.filter(key -> key.queue().equals(queue) && key.key().compareTo(after) > 0)
                .sorted(Comparator.comparing(QueueKey::key))
                .limit(limit)
                .toList();
    }

    @Override
    public void putJob(@Nullable StoredJob before, @Nullable StoredJob after) {
        UUID id = Objects.requireNonNull(after == null ? before : after).id();
        StoredJob was = after == null ? jobs.remove(id) : jobs.put(id, after);
        if (!Objects.equals(was, before)) {
            throw new AssertionError("it was " + was + ", and not " + before);
        }
    }

    @Override
    public void putPayload(UUID id, @Nullable String json) {
        var unused = json == null ? payloads.remove(id) : payloads.put(id, json);
    }

    @Override
    public void putQueue(QueueState queue) {
        queues.put(queue.name(), queue);
    }

    @Override
    public void putKey(QueueKey key, KeyState before, KeyState after) {
        KeyState was = after.isEmpty() ? keys.remove(key) : keys.put(key, after);
        if (!before.equals(was == null ? KeyState.NONE : was)) {
            throw new AssertionError("it was " + was + ", and not " + before);
        }
    }

    @Override
    public void putUnique(QueueKey key, @Nullable UniqueClaim claim) {
        var unused = claim == null ? unique.remove(key) : unique.put(key, claim);
    }

    @Override
    public void keep() {
        // It is written already.
    }

    @Override
    public void discard() {
        throw new AssertionError("a decision has thrown");
    }
}
