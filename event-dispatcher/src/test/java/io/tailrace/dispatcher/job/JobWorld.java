package io.tailrace.dispatcher.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobQueue;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.contracts.job.QueueLimits;
import io.tailrace.dispatcher.testing.StoreInMemory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * A log, a dispatcher that reads it in transactions and is killed now and then, and workers. Who reads what the dispatcher writes
 * sees it when its transaction is committed. After every record the store is checked, and what was told by {@link JobWitness}.
 */
final class JobWorld {
    static final JobQueues QUEUES = JobQueues.of(List.of(
            new JobQueue("plain", 1, 3, 10_000, QueueLimits.NONE),
            new JobQueue("tight", 1, 2, 10_000, new QueueLimits(3, 0, 1, 0)),
            new JobQueue("paced", 1, 5, 10_000, new QueueLimits(0, 2, 0, 0.5))));
    static final DeskSettings SETTINGS = new DeskSettings(
            Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofMinutes(10), 2);
    private static final int PER_TURN = 3;

    /** A record of the log. */
    private record Entry(JobFact fact, long timestampMs) {}

    /** What was decided by a record. */
    private record Decided(List<JobEffect> effects, long nowMs) {}

    private final Random random;
    private final List<Entry> log = new ArrayList<>();
    private final List<Decided> decisions = new ArrayList<>();
    private final JobWitness witness = new JobWitness(QUEUES);

    /** Released jobs that a worker may take. */
    final List<StoredJob> ready = new ArrayList<>();

    private StoreInMemory store = new StoreInMemory();
    private HotEntryStore hot = new HotEntryStore(store.store(), JobKeys::isHot);
    private JobTask task = task();
    private int next;
    private int committed;
    private int committedChanges;
    private int ticks;
    private List<JobEffect> telling = new ArrayList<>();
    private long nowMs;
    long wallMs = 1_000_000;
    int crashes;

    JobWorld(Random random) {
        this.random = random;
    }

    private JobTask task() {
        return new JobTask(new StoreJobBook(hot), QUEUES, SETTINGS, PER_TURN, new JobOutput() {
            @Override
            public void tell(JobEffect effect, long atMs) {
                telling.add(effect);
                nowMs = atMs;
            }

            @Override
            public void tick(long atMs) {
                ticks++;
            }
        });
    }

    JobWitness witness() {
        return witness;
    }

    StoreInMemory store() {
        return store;
    }

    /** Appends a command; the broker's clock may step back. */
    void send(JobCommand command) {
        log.add(new Entry(new JobFact.Commanded(command), wallMs - random.nextInt(300)));
    }

    /** The dispatcher reads records, as many as there are at most. */
    void read(int most) {
        for (int i = 0; i < most && next < log.size(); i++) {
            apply(log.get(next));
            next++;
        }
    }

    private JobStoreCheck check() {
        return new JobStoreCheck(store, hot, QUEUES);
    }

    private void apply(Entry entry) {
        JobStoreCheck before = check();
        telling = new ArrayList<>();
        task.apply(entry.fact(), entry.timestampMs());
        JobStoreCheck after = check();
        after.countsAndIndexesAreInStep();
        after.uniqueKeysAreUnique();
        for (JobQueue queue : QUEUES.all()) {
            telling.stream()
                    .filter(JobEffect.Released.class::isInstance)
                    .map(effect -> ((JobEffect.Released) effect).job())
                    .filter(job -> job.queue().equals(queue.name()))
                    .reduce((_, last) -> last)
                    .ifPresent(last -> after.mayHaveReleased(last, QUEUES));
        }
        if (entry.fact() instanceof JobFact.Commanded(JobCommand.OfAttempt command)) {
            aStaleTokenChangesNothing(command, before, after);
        }
        if (next < decisions.size()) {
            assertThat(telling)
                    .as("read again after a crash")
                    .isEqualTo(decisions.get(next).effects());
        } else {
            decisions.add(new Decided(telling, nowMs));
        }
    }

    private void aStaleTokenChangesNothing(JobCommand.OfAttempt command, JobStoreCheck before, JobStoreCheck after) {
        UUID id = command.jobId();
        StoredJob job = before.jobs().get(id);
        if (job != null && job.token() != command.token()) {
            // Room for another job may have come about with time, and this one may fill it.
            boolean released = telling.stream()
                    .anyMatch(effect -> effect instanceof JobEffect.Released(StoredJob other, var _, long _)
                            && other.id().equals(id));
            assertThat(released ? job : after.jobs().get(id)).isEqualTo(job);
            assertThat(telling.getFirst()).isInstanceOfAny(JobEffect.Refused.class, JobEffect.Repeated.class);
        }
    }

    /** The dispatcher's clock. */
    void look() {
        boolean unused = task.look(wallMs);
    }

    /** The dispatcher commits: what it wrote is there, for everybody. */
    void commit() {
        for (int offset = committed; offset < next; offset++) {
            Decided decided = decisions.get(offset);
            for (JobEffect effect : decided.effects()) {
                witness.see(effect, decided.nowMs());
                if (effect instanceof JobEffect.Released(StoredJob job, var _, long _)) {
                    ready.add(job);
                }
            }
        }
        committed = next;
        hot.flushCache();
        committedChanges = store.changes();
        for (; ticks > 0; ticks--) {
            log.add(new Entry(new JobFact.TimePassed(), wallMs));
        }
    }

    /** The dispatcher is killed, and another one goes on from what was committed. */
    void crash() {
        crashes++;
        store = store.restored(committedChanges);
        hot = new HotEntryStore(store.store(), JobKeys::isHot);
        task = task();
        next = committed;
        ticks = 0;
    }

    /** Everything that stands in the log is read and committed, and what it leads to at once as well. */
    void settle() {
        for (int turn = 0; turn < 10_000; turn++) {
            read(Integer.MAX_VALUE);
            look();
            commit();
            if (next == log.size()) {
                return;
            }
        }
        throw new AssertionError("the dispatcher tells itself for ever that time has passed");
    }

    /** A job of the store that is as asked for, or a random id. */
    UUID job(Predicate<StoredJob> wanted) {
        List<StoredJob> those = check().jobs().values().stream().filter(wanted).toList();
        return those.isEmpty()
                ? Effects.id(1_000_000)
                : those.get(random.nextInt(those.size())).id();
    }
}
