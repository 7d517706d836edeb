package io.tailrace.dispatcher.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.job.JobQueue;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.contracts.job.JobState;
import io.tailrace.dispatcher.testing.StoreInMemory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Reads a whole store and holds what is counted and indexed against the jobs that are there. */
final class JobStoreCheck {
    private static final Comparator<StoredJob> FIRST =
            Comparator.comparing((StoredJob job) -> -job.spec().priority()).thenComparing(StoredJob::order);

    private final Map<UUID, StoredJob> jobs = new TreeMap<>();
    private final Map<String, QueueState> queues = new TreeMap<>();
    private final Map<Character, Integer> entries = new HashMap<>();
    private final Set<UUID> payloads = new TreeSet<>();

    JobStoreCheck(StoreInMemory store) {
        store.entries().forEach((key, value) -> {
            char kind = (char) key.get()[0];
            entries.merge(kind, 1, Integer::sum);
            if (kind == 'j') {
                ByteBuffer id = ByteBuffer.wrap(key.get(), 1, 16);
                UUID uuid = new UUID(id.getLong(), id.getLong());
                jobs.put(uuid, JobBytes.job(value, uuid));
            } else if (kind == 'p') {
                ByteBuffer id = ByteBuffer.wrap(key.get(), 1, 16);
                payloads.add(new UUID(id.getLong(), id.getLong()));
            } else if (kind == 'q') {
                String name = new String(key.get(), 2, key.get().length - 2, StandardCharsets.UTF_8);
                queues.put(name, JobBytes.queue(value, name));
            }
        });
    }

    /**
     * As above, while the states of queues may not be written yet.
     *
     * @param whole the store with what is not written yet
     */
    JobStoreCheck(StoreInMemory store, KeyValueStore<Bytes, byte[]> whole, JobQueues declared) {
        this(store);
        for (JobQueue queue : declared.all()) {
            byte @Nullable [] state = whole.get(JobKeys.queue(queue.name()));
            if (state != null) {
                queues.put(queue.name(), JobBytes.queue(state, queue.name()));
            }
        }
    }

    Map<UUID, StoredJob> jobs() {
        return jobs;
    }

    /** How many entries there are by kind. */
    Map<Character, Integer> entries() {
        return entries;
    }

    void countsAndIndexesAreInStep() {
        Map<String, QueueCounts> counted = new TreeMap<>();
        Map<String, Map<String, TypeState>> types = new TreeMap<>();
        Map<Character, Integer> expected = new HashMap<>();
        Map<QueueKey, List<StoredJob>> ready = new HashMap<>();
        for (StoredJob job : jobs.values()) {
            QueueCounts counts = counted.getOrDefault(job.queue(), QueueCounts.NONE);
            counted.put(job.queue(), counts.moved(null, job.phase()));
            types.computeIfAbsent(job.queue(), _ -> new TreeMap<>())
                    .merge(
                            job.credit(),
                            TypeState.NONE.moved(null, job.phase()),
                            (known, _) -> known.moved(null, job.phase()));
            switch (job.phase()) {
                case JobPhase.Delayed _ -> expected.merge('d', 1, Integer::sum);
                case JobPhase.Ready(boolean candidate, boolean shared) -> {
                    if (candidate) {
                        expected.merge(shared ? 'r' : 't', 1, Integer::sum);
                    }
                    if (job.key() != null) {
                        expected.merge('s', 1, Integer::sum);
                        ready.computeIfAbsent(job.key(), _ -> new ArrayList<>()).add(job);
                    }
                }
                case JobPhase.Released _, JobPhase.Running _, JobPhase.Stopping _ ->
                    expected.merge('l', 1, Integer::sum);
                case JobPhase.Finished _ -> expected.merge('f', 1, Integer::sum);
            }
        }
        payloadsAreThoseOfTheJobs();
        for (char kind : List.of('d', 't', 'r', 's', 'l', 'f')) {
            assertThat(entries.getOrDefault(kind, 0))
                    .as("entries of kind %s", kind)
                    .isEqualTo(expected.getOrDefault(kind, 0));
        }
        queues.forEach((name, queue) -> {
            assertThat(queue.counts()).isEqualTo(counted.getOrDefault(name, QueueCounts.NONE));
            Map<String, TypeState> those = types.getOrDefault(name, Map.of());
            Set<String> named = new TreeSet<>(queue.types().keySet());
            named.addAll(those.keySet());
            for (String type : named) {
                TypeState found = those.getOrDefault(type, TypeState.NONE);
                assertThat(queue.type(type))
                        .as("jobs of type %s", type)
                        .extracting(TypeState::candidates, TypeState::released)
                        .containsExactly(found.candidates(), found.released());
            }
        });
        ready.forEach((key, those) -> {
            List<StoredJob> candidates =
                    those.stream().filter(JobStoreCheck::isCandidate).toList();
            assertThat(candidates).as("candidates of %s", key).hasSizeLessThanOrEqualTo(1);
            assertThat(candidates).isSubsetOf(those.stream().min(FIRST).orElseThrow());
        });
    }

    /** Of one that was erased while it ran there is none, although it is there until its worker has stopped. */
    private void payloadsAreThoseOfTheJobs() {
        Set<UUID> may = new TreeSet<>();
        Set<UUID> must = new TreeSet<>();
        jobs.forEach((id, job) -> {
            JobState state = job.phase().state();
            if (state != JobState.SUCCEEDED) {
                may.add(id);
                if (!(job.phase() instanceof JobPhase.Stopping)) {
                    must.add(id);
                }
            }
        });
        assertThat(may).containsAll(payloads);
        assertThat(payloads).containsAll(must);
    }

    private static boolean isCandidate(StoredJob job) {
        return job.phase() instanceof JobPhase.Ready(boolean candidate, boolean _) && candidate;
    }

    /** After a job was released, no limit is exceeded, and none of those that might have been released instead goes before it. */
    void mayHaveReleased(StoredJob last, JobQueues declared) {
        JobQueue queue = declared.of(last.queue()).orElseThrow();
        QueueState state = Objects.requireNonNull(queues.get(last.queue()));
        int concurrency = state.limits().concurrency();
        assertThat(state.types().values())
                .allSatisfy(type -> assertThat(type.released()).isLessThanOrEqualTo(queue.credit()));
        assertThat(concurrency == 0 || state.counts().active() <= concurrency)
                .as("%s", state)
                .isTrue();
        int keyConcurrency = state.limits().keyConcurrency();
        if (last.key() != null && keyConcurrency != 0) {
            assertThat(jobs.values().stream()
                            .filter(job ->
                                    last.key().equals(job.key()) && job.phase().isActive())
                            .count())
                    .isLessThanOrEqualTo(keyConcurrency);
        }
        assertThat(jobs.values())
                .filteredOn(job -> job.queue().equals(last.queue()) && isCandidate(job))
                .filteredOn(job -> state.type(job.credit()).released() < queue.credit())
                .allSatisfy(job -> assertThat(FIRST.compare(last, job))
                        .as("%s before %s", last, job)
                        .isNegative());
    }

    /** At most one job that is not finished has a unique key which goes with it. */
    void uniqueKeysAreUnique() {
        assertThat(jobs.values().stream()
                        .filter(job -> job.spec().uniqueKey() != null
                                && job.spec().uniqueSeconds() == 0
                                && !job.phase().state().isFinal())
                        .map(JobLedger::uniqueKey))
                .doesNotHaveDuplicates();
    }
}
