package io.tailrace.dispatcher.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobQueue;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.contracts.job.QueueLimits;
import io.tailrace.contracts.job.RetryPolicy;
import io.tailrace.dispatcher.testing.StoreInMemory;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each type of jobs has a credit of its own in its queue, so that one which nobody runs holds back no other. */
class TypeCreditTest {
    private static final String QUEUE = "default";
    private static final JobQueues QUEUES =
            JobQueues.of(List.of(new JobQueue(QUEUE, 1, 500, Integer.MAX_VALUE, QueueLimits.NONE)));
    private static final DeskSettings SETTINGS = new DeskSettings(
            Duration.ofSeconds(30), Duration.ofMinutes(10), Duration.ofHours(1), Duration.ofHours(1), 1_000);

    private StoreInMemory store = new StoreInMemory();
    private JobDesk desk = desk();
    private final List<StoredJob> released = new ArrayList<>();
    private long nowMs = 1_000_000;
    private int ids;

    private JobDesk desk() {
        return new JobDesk(new StoreJobBook(store.store()), QUEUES, SETTINGS, Jitter.EVEN);
    }

    private void decide(JobCommand command) {
        note(desk.decide(command, nowMs));
    }

    private void note(List<JobEffect> effects) {
        for (JobEffect effect : effects) {
            if (effect instanceof JobEffect.Released(StoredJob job, var _, long _)) {
                released.add(job);
            }
        }
    }

    private UUID enqueue(String type, int priority, @Nullable String key) {
        UUID id = Effects.id(++ids);
        JobSpec spec = new JobSpec(type, priority, null, 0, null, 0, 1, 60, key, RetryPolicy.DEFAULT);
        decide(new JobCommand.Enqueue(id, QUEUE, spec, "1"));
        return id;
    }

    private void run(StoredJob job) {
        decide(new JobCommand.Start(Effects.id(++ids), QUEUE, job.id(), job.token(), "w"));
        decide(new JobCommand.Succeed(Effects.id(++ids), QUEUE, job.id(), job.token(), null));
    }

    private List<StoredJob> releasedOf(String type) {
        return released.stream().filter(job -> job.spec().type().equals(type)).toList();
    }

    /** Runs what is released of a type until nothing more of it is. */
    private int runAll(String type) {
        int ran = 0;
        for (List<StoredJob> jobs = releasedOf(type); ran < jobs.size(); jobs = releasedOf(type)) {
            run(jobs.get(ran));
            ran++;
        }
        return ran;
    }

    @Test
    void a_type_that_nobody_runs_does_not_hold_back_the_others_of_its_queue() {
        for (int i = 0; i < 2_000; i++) {
            enqueue("lonely", 9, null);
        }
        for (int i = 0; i < 100; i++) {
            enqueue("resize", 0, null);
        }

        assertThat(runAll("resize")).isEqualTo(100);
        assertThat(releasedOf("lonely")).hasSize(Uptake.FEWEST);
    }

    @Test
    void nor_does_one_whose_workers_vanish_while_they_are_fast() {
        for (int i = 0; i < 2_000; i++) {
            enqueue("resize", 5, null);
        }
        for (int i = 0; i < 400; i++) {
            run(releasedOf("resize").get(i));
        }
        assertThat(releasedOf("resize")).as("all that the credit allows").hasSize(900);

        nowMs += 10_000;
        UUID other = enqueue("mail", 0, null);

        assertThat(releasedOf("mail")).extracting(StoredJob::id).containsExactly(other);
    }

    @Test
    void it_goes_on_when_its_worker_comes_and_again_and_again_when_its_release_has_run_out() {
        for (int i = 0; i < 40; i++) {
            enqueue("lonely", 5, null);
        }
        assertThat(releasedOf("lonely")).hasSize(Uptake.FEWEST);
        List<UUID> first = released.stream().map(StoredJob::id).toList();
        released.clear();

        nowMs += SETTINGS.releaseTimeout().toMillis();
        note(desk.tick(nowMs, 1_000).effects());

        assertThat(released).extracting(StoredJob::id).containsExactlyElementsOf(first);
        assertThat(runAll("lonely")).isEqualTo(40);
    }

    @Test
    void of_the_types_with_credit_the_job_of_the_highest_priority_goes_first() {
        decide(new JobCommand.Pause(Effects.id(++ids), QUEUE));
        for (int i = 0; i < Uptake.FEWEST + 1; i++) {
            enqueue("lonely", 9, null);
        }
        UUID low = enqueue("mail", 1, null);
        UUID high = enqueue("resize", 8, null);
        UUID middle = enqueue("mail", 5, null);
        UUID later = enqueue("resize", 5, null);

        decide(new JobCommand.Resume(Effects.id(++ids), QUEUE));

        assertThat(released.subList(0, Uptake.FEWEST))
                .extracting(job -> job.spec().type())
                .containsOnly("lonely");
        assertThat(released.subList(Uptake.FEWEST, released.size()))
                .extracting(StoredJob::id)
                .containsExactly(high, middle, later, low);
    }

    @Test
    void of_one_key_the_jobs_stay_in_their_order_whatever_their_types() {
        for (int i = 0; i < Uptake.FEWEST; i++) {
            enqueue("lonely", 5, null);
        }
        enqueue("lonely", 5, "k");
        UUID second = enqueue("resize", 5, "k");
        assertThat(releasedOf("resize")).isEmpty();

        run(releasedOf("lonely").getFirst());

        assertThat(releasedOf("resize")).extracting(StoredJob::id).containsExactly(second);
    }

    @Test
    void types_without_jobs_are_forgotten_when_there_are_many() {
        for (int i = 0; i < 500; i++) {
            enqueue("t" + i, 5, null);
            runAll("t" + i);
        }

        QueueState queue = state();

        assertThat(queue.types()).hasSizeLessThanOrEqualTo(33);
        assertThat(queue.counts()).isEqualTo(QueueCounts.NONE);
    }

    @Test
    void more_types_than_a_queue_has_credits_for_share_one_and_all_of_their_jobs_run() {
        int types = QueueState.MOST_BUSY + 72;
        for (int i = 0; i < types; i++) {
            enqueue("t" + i, 5, null);
        }
        desk = desk();

        QueueState full = state();
        assertThat(full.types()).hasSize(QueueState.MOST_BUSY + 1);
        assertThat(full.type(QueueState.SHARED).released()).isEqualTo(Uptake.FEWEST);
        assertThat(full.type(QueueState.SHARED).candidates()).isEqualTo(72 - Uptake.FEWEST);
        new JobStoreCheck(store).countsAndIndexesAreInStep();
        for (int i = 0; i < released.size(); i++) {
            run(released.get(i));
        }
        assertThat(released).hasSize(types);
        assertThat(released).extracting(job -> job.spec().type()).doesNotHaveDuplicates();
        new JobStoreCheck(store).countsAndIndexesAreInStep();
        enqueue("t" + (types - 1), 5, null);
        assertThat(state().type("t" + (types - 1)).released()).isOne();
        assertThat(state().type(QueueState.SHARED).isIdle()).isTrue();
    }

    @Test
    void a_type_that_shares_its_credit_gets_one_of_its_own_when_another_has_no_jobs_any_more() {
        for (int i = 0; i < QueueState.MOST_BUSY; i++) {
            enqueue("t" + i, 5, null);
        }
        enqueue("mail", 5, null);
        assertThat(state().type("mail").isIdle()).isTrue();

        run(releasedOf("t7").getFirst());
        enqueue("mail", 5, null);

        assertThat(state().type("mail").released()).isOne();
        assertThat(state().type(QueueState.SHARED).released()).isOne();
        assertThat(runAll("mail")).isEqualTo(2);
        new JobStoreCheck(store).countsAndIndexesAreInStep();
    }

    @Test
    void a_type_without_workers_that_shares_a_credit_makes_way_when_its_releases_have_run_out() {
        for (int i = 0; i < QueueState.MOST_BUSY; i++) {
            enqueue("t" + i, 5, null);
        }
        for (int i = 0; i < 2 * Uptake.FEWEST; i++) {
            enqueue("lonely", 5, null);
        }
        for (int i = 0; i < 3; i++) {
            enqueue("resize", 5, null);
        }
        assertThat(releasedOf("resize")).isEmpty();

        for (int i = 0; i < 2; i++) {
            nowMs += SETTINGS.releaseTimeout().toMillis();
            note(desk.tick(nowMs, 1_000).effects());
        }

        assertThat(runAll("resize")).isEqualTo(3);
        new JobStoreCheck(store).countsAndIndexesAreInStep();
    }

    @Test
    void what_was_ready_before_types_had_credits_shares_one_until_it_is_worked_off() {
        for (int i = 0; i < 30; i++) {
            enqueue("lonely", 5, i % 3 == 0 ? "k" + i : null);
            enqueue("resize", 5, null);
        }
        store = asItWasBefore(store);
        desk = desk();
        released.clear();

        // What was released before is counted: of that nothing more is released until some of it is started.
        UUID started = enqueue("mail", 0, null);
        assertThat(released).extracting(StoredJob::id).containsExactly(started);
        new JobStoreCheck(store).countsAndIndexesAreInStep();
        nowMs += SETTINGS.releaseTimeout().toMillis();
        note(desk.tick(nowMs, 1_000).effects());

        assertThat(runAll("lonely")).isEqualTo(30);
        assertThat(runAll("resize")).isEqualTo(30);
        new JobStoreCheck(store).countsAndIndexesAreInStep();
        assertThat(new JobStoreCheck(store).entries()).doesNotContainKey('r');
    }

    @Test
    void nothing_of_before_is_moved_and_it_goes_in_its_order() {
        decide(new JobCommand.Pause(Effects.id(++ids), QUEUE));
        List<UUID> before = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            before.add(enqueue("resize", 5, null));
        }
        store = asItWasBefore(store);
        desk = desk();

        enqueue("resize", 5, null);

        assertThat(new JobStoreCheck(store).entries()).containsEntry('r', 300).containsEntry('t', 1);
        desk = desk();
        decide(new JobCommand.Resume(Effects.id(++ids), QUEUE));
        assertThat(runAll("resize")).isEqualTo(301);
        assertThat(released).extracting(StoredJob::id).containsSubsequence(before);
        new JobStoreCheck(store).countsAndIndexesAreInStep();
    }

    private QueueState state() {
        return Objects.requireNonNull(new StoreJobBook(store.store()).queue(QUEUE));
    }

    /** The same in the form of before: one index of candidates, and a queue and jobs whose state says nothing of types. */
    private static StoreInMemory asItWasBefore(StoreInMemory now) {
        StoreInMemory before = new StoreInMemory();
        KeyValueStore<Bytes, byte[]> entries = before.store();
        for (Map.Entry<Bytes, byte[]> entry : new TreeMap<>(now.entries()).entrySet()) {
            byte[] key = entry.getKey().get();
            switch ((char) key[0]) {
                case 't' -> {
                    byte[] queue = QUEUE.getBytes(StandardCharsets.UTF_8);
                    ByteBuffer old = ByteBuffer.allocate(2 + queue.length + 9);
                    old.put((byte) 'r').put((byte) queue.length).put(queue).put(key, key.length - 9, 9);
                    entries.put(Bytes.wrap(old.array()), entry.getValue());
                }
                case 'j' -> {
                    ByteBuffer id = ByteBuffer.wrap(key, 1, 16);
                    StoredJob job = JobBytes.job(entry.getValue(), new UUID(id.getLong(), id.getLong()));
                    entries.put(entry.getKey(), JobBytes.job(job.in(asItWasBefore(job.phase()))));
                }
                case 'q' -> entries.put(entry.getKey(), untyped(JobBytes.queue(entry.getValue(), QUEUE)));
                default -> entries.put(entry.getKey(), entry.getValue());
            }
        }
        return before;
    }

    private static JobPhase asItWasBefore(JobPhase phase) {
        return switch (phase) {
            case JobPhase.Ready(boolean candidate, boolean _) -> new JobPhase.Ready(candidate, true);
            case JobPhase.Released(long untilMs, boolean _) -> new JobPhase.Released(untilMs, true);
            default -> phase;
        };
    }

    private static byte[] untyped(QueueState queue) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            QueueCounts counts = queue.counts();
            out.writeByte(1);
            out.writeBoolean(queue.paused());
            out.writeBoolean(queue.limited());
            out.writeInt(0);
            out.writeDouble(0);
            out.writeInt(0);
            out.writeDouble(0);
            out.writeInt(counts.scheduled());
            out.writeInt(counts.retrying());
            out.writeInt(counts.waiting());
            out.writeInt(counts.candidates());
            out.writeInt(counts.released());
            out.writeInt(counts.running());
            out.writeInt(counts.stopping());
            out.writeLong(queue.nextOrder());
            out.writeLong(queue.rateUs());
            out.writeLong(0);
            out.writeInt(0);
            out.writeInt(0);
            out.writeBoolean(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
