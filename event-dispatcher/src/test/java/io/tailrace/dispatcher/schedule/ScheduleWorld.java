package io.tailrace.dispatcher.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.dispatcher.testing.StoreInMemory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A log of schedules and the dispatchers that read it: only one at a time may commit, and it goes on from what was committed last, as
 * exactly-once has it. What a dispatcher writes is seen when its transaction is committed.
 */
final class ScheduleWorld {
    static final FiringSettings SETTINGS = new FiringSettings(Duration.ofSeconds(30), Duration.ofDays(2));

    /** The most firings at once. */
    static final int PER_TURN = 5;

    /** A record of the log. */
    record Entry(ScheduleFact fact, long timestampMs) {}

    /** What was decided by a record, and when. */
    record Decided(List<ScheduleEffect> effects, long nowMs) {}

    private final Random random;
    private final List<Entry> log = new ArrayList<>();
    private final List<Decided> decisions = new ArrayList<>();

    /** What is committed, in its order. */
    final List<Decided> seen = new ArrayList<>();

    private StoreInMemory store = new StoreInMemory();
    private ScheduleTask task = task();
    private int next;
    private int committed;
    private int committedChanges;
    private int ticks;
    private List<ScheduleEffect> telling = new ArrayList<>();
    private long nowMs;

    /** A time of no change of clocks, and moments before Berlin's on the 29th of March and on the 25th of October 2026. */
    private static final List<Long> STARTS = List.of(1_774_749_000_000L, 1_774_745_400_000L, 1_792_889_400_000L);

    /** The time of the brokers. */
    long wallMs;

    /** By how much the clock of the dispatcher is ahead. */
    long aheadMs;

    ScheduleWorld(Random random) {
        this.random = random;
        this.wallMs = STARTS.get(random.nextInt(STARTS.size()));
    }

    private ScheduleTask task() {
        return new ScheduleTask(new StoreScheduleBook(store.store()), SETTINGS, PER_TURN, new ScheduleOutput() {
            @Override
            public void tell(ScheduleEffect effect, long atMs) {
                telling.add(effect);
                nowMs = atMs;
            }

            @Override
            public void tick(long atMs) {
                ticks++;
            }
        });
    }

    /** Appends a record; the broker's clock may step back. */
    void send(ScheduleFact fact) {
        log.add(new Entry(fact, wallMs - random.nextInt(300)));
    }

    /** The dispatcher reads records, as many as there are at most. */
    void read(int most) {
        for (int i = 0; i < most && next < log.size(); i++) {
            telling = new ArrayList<>();
            Entry entry = log.get(next);
            task.apply(entry.fact(), entry.timestampMs());
            if (next < decisions.size()) {
                assertThat(telling)
                        .as("read again after a crash")
                        .isEqualTo(decisions.get(next).effects());
            } else {
                decisions.add(new Decided(telling, nowMs));
            }
            next++;
        }
    }

    /** The dispatcher's clock. */
    void look() {
        boolean unused = task.look(wallMs + aheadMs);
    }

    /** The dispatcher commits: what it wrote is there, for everybody. */
    void commit() {
        seen.addAll(decisions.subList(committed, next));
        committed = next;
        committedChanges = store.changes();
        for (; ticks > 0; ticks--) {
            log.add(new Entry(new ScheduleFact.TimePassed(), wallMs));
        }
    }

    /** The dispatcher is killed or fenced, and another one goes on from what was committed. */
    void crash() {
        store = store.restored(committedChanges);
        task = task();
        next = committed;
        ticks = 0;
    }

    /** Everything that stands in the log is read and committed, and what it leads to at once as well. */
    void settle() {
        aheadMs = 0;
        for (int turn = 0; turn < 10_000; turn++) {
            read(Integer.MAX_VALUE);
            look();
            commit();
            if (next == log.size()) {
                return;
            }
            wallMs++;
        }
        throw new AssertionError("the dispatcher tells itself for ever that time has passed");
    }

    /** How many entries the store has beside the clock. */
    int entries() {
        return (int) store.entries().keySet().stream()
                .filter(key -> key.get()[0] != 'c')
                .count();
    }
}
