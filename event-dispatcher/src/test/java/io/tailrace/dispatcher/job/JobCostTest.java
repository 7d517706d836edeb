package io.tailrace.dispatcher.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobQueue;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.contracts.job.QueueLimits;
import io.tailrace.contracts.job.RetryPolicy;
import io.tailrace.dispatcher.testing.StoreInMemory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a decision costs does not depend on how many jobs wait. */
class JobCostTest {
    private static final String QUEUE = "default";
    private static final int CREDIT = 10;
    private static final DeskSettings SETTINGS = new DeskSettings(
            Duration.ofSeconds(30), Duration.ofMinutes(10), Duration.ofHours(1), Duration.ofHours(1), 50);

    private StoreInMemory store = new StoreInMemory();
    private JobDesk desk = desk(QueueLimits.NONE);
    private long nowMs = 1_000_000;
    private int ids;

    private JobDesk desk(QueueLimits limits) {
        JobQueues queues = JobQueues.of(List.of(new JobQueue(QUEUE, 1, CREDIT, Integer.MAX_VALUE, limits)));
        return new JobDesk(new StoreJobBook(store.store()), queues, SETTINGS, Jitter.EVEN);
    }

    @Test
    void a_job_costs_no_more_behind_forty_thousand_than_behind_ten() {
        enqueue(CREDIT + 10, null, null);
        int behindTen = costOfOneJob();
        enqueue(20_000, null, null);
        enqueue(20_000, null, Instant.ofEpochMilli(nowMs + 1_000_000));

        assertThat(costOfOneJob()).as("reads").isLessThanOrEqualTo(behindTen + IndexFront.STRETCH);
    }

    @Test
    void jobs_of_a_key_at_its_limit_are_not_walked_over() {
        desk = desk(new QueueLimits(0, 0, 1, 0));
        enqueue(CREDIT + 10, "mine", null);
        enqueue(2, null, null);
        int before = costOfOneJob();
        enqueue(20_000, "yours", null);
        enqueue(1, null, null);

        assertThat(costOfOneJob()).as("reads").isLessThanOrEqualTo(before + IndexFront.STRETCH);
    }

    @Test
    void what_waits_is_read_some_at_a_time_and_each_job_once_or_twice() {
        enqueue(2_000, null, null);
        int before = store.reads();
        int jobs = 200;

        for (int i = 0; i < jobs; i++) {
            var unused = costOfOneJob();
        }

        // The candidate, the job and its payload; the rest of its life is in memory.
        assertThat(store.reads() - before).isLessThanOrEqualTo(5 * jobs);
    }

    @Test
    void a_job_that_is_released_at_once_is_in_no_index_of_those_that_wait() {
        int before = store.changes();

        enqueue(1, null, null);

        // The job, its payload, its lease and the queue.
        assertThat(store.changes() - before).isEqualTo(4);
    }

    @Test
    void a_tick_does_no_more_than_it_may_and_says_that_there_is_more() {
        enqueue(1_000, null, Instant.ofEpochMilli(nowMs + 1_000));
        nowMs += 1_000;
        store = store.restored(store.changes());
        desk = desk(QueueLimits.NONE);
        int before = store.reads();

        assertThat(desk.tick(nowMs, 20).more()).isTrue();

        assertThat(store.reads() - before).isLessThan(20 * 4 + CREDIT * 8);
        int ticks = 1;
        while (desk.tick(nowMs, 20).more()) {
            ticks++;
        }
        assertThat(ticks).isEqualTo(50);
        assertThat(desk.isDue(nowMs)).isFalse();
    }

    @Test
    void the_search_for_what_is_due_does_not_begin_at_what_was_due_long_ago() {
        enqueue(500, null, Instant.ofEpochMilli(nowMs + 1_000));
        nowMs += 1_000;
        desk.tick(nowMs, 500);
        int before = store.reads();

        assertThat(desk.isDue(nowMs + 5)).isFalse();
        assertThat(desk.isDue(nowMs + 10)).isFalse();

        assertThat(store.reads() - before).isLessThanOrEqualTo(4);
    }

    private void enqueue(int count, @Nullable String key, @Nullable Instant runAt) {
        for (int i = 0; i < count; i++) {
            JobSpec spec = new JobSpec("t", 5, runAt, 0, null, 0, 1, 60, key, RetryPolicy.DEFAULT);
            var unused = desk.decide(new JobCommand.Enqueue(id(), QUEUE, spec, "1"), nowMs);
        }
    }

    /** Enqueues a job, and starts and ends another one; the reads that this takes. */
    private int costOfOneJob() {
        UUID released = new JobStoreCheck(store)
                .jobs().values().stream()
                        .filter(job -> job.phase() instanceof JobPhase.Released)
                        .findFirst()
                        .orElseThrow()
                        .id();
        int before = store.reads();
        enqueue(1, null, null);
        var unused = desk.decide(new JobCommand.Start(id(), QUEUE, released, 1, "w"), nowMs);
        unused = desk.decide(new JobCommand.Succeed(id(), QUEUE, released, 1, null), nowMs);
        assertThat(desk.isDue(nowMs)).isFalse();
        return store.reads() - before;
    }

    private UUID id() {
        return Effects.id(++ids);
    }
}
