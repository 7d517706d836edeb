package io.tailrace.dispatcher.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobError;
import io.tailrace.contracts.job.JobProgress;
import io.tailrace.contracts.job.JobQueue;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.contracts.job.QueueLimits;
import io.tailrace.contracts.job.RetryPolicy;
import io.tailrace.dispatcher.testing.StoreInMemory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * Random histories against the simplest thing that could be right: {@link JobModel}. The desk has to say the same after every step.
 * It is made anew every now and then, as by a restart.
 */
class JobDeskModelTest {
    private static final String QUEUE = "default";
    private static final int STEPS = 150;
    private static final int CREDIT = 3;
    private static final QueueLimits DECLARED = new QueueLimits(4, 0, 2, 0);
    private static final DeskSettings SETTINGS = new DeskSettings(
            Duration.ofMillis(JobModel.LEASE_MS),
            Duration.ofMillis(JobModel.RELEASE_MS),
            Duration.ofMillis(JobModel.KEEP_MS),
            Duration.ofMillis(JobModel.KEEP_DEAD_MS),
            10_000);

    @Property(tries = 300)
    void a_random_history_is_decided_as_the_model_decides_it(@ForAll long seed) {
        MemoryJobBook book = new MemoryJobBook();
        new History(new Random(seed), () -> book).run();
    }

    @Property(tries = 300)
    void and_also_over_a_store(@ForAll long seed) {
        StoreInMemory store = new StoreInMemory();
        new History(new Random(seed), () -> new StoreJobBook(store.store())).run();
    }

    /** One history. */
    private static final class History {
        private final Random random;
        private final Supplier<JobBook> books;
        private final JobModel model = new JobModel(CREDIT, DECLARED);
        private final List<JobCommand> commands = new ArrayList<>();
        private JobDesk desk;
        private JobBook book;
        private int ids;
        private long nowMs = 1_000_000;

        History(Random random, Supplier<JobBook> books) {
            this.random = random;
            this.books = books;
            this.book = books.get();
            this.desk = desk();
        }

        private JobDesk desk() {
            JobQueues queues = JobQueues.of(List.of(new JobQueue(QUEUE, 1, CREDIT, Integer.MAX_VALUE, DECLARED)));
            return new JobDesk(book, queues, SETTINGS, (_, _, boundMs) -> boundMs / 2);
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                nowMs += random.nextInt(random.nextInt(20) == 0 ? 60_000 : 2_000);
                switch (random.nextInt(12)) {
                    case 0 -> {
                        book = books.get();
                        desk = desk();
                    }
                    case 1, 2 -> tick();
                    default -> decide(command());
                }
            }
        }

        private void tick() {
            JobDesk.Turn turn = desk.tick(nowMs, 10_000);
            assertThat(texts(turn.effects())).as("time %d", nowMs).isEqualTo(model.tick(nowMs));
            assertThat(turn.more()).isFalse();
            assertThat(desk.isDue(nowMs)).as("something is left to do").isFalse();
        }

        private void decide(JobCommand command) {
            List<String> decided = texts(desk.decide(command, nowMs));
            assertThat(decided).as("%s at %d", command, nowMs).isEqualTo(model.decide(command, nowMs));
        }

        private static List<String> texts(List<JobEffect> effects) {
            return effects.stream().map(Effects::text).toList();
        }

        private JobCommand command() {
            if (!commands.isEmpty() && random.nextInt(10) == 0) {
                return commands.get(random.nextInt(commands.size()));
            }
            UUID id = Effects.id(++ids);
            JobCommand command =
                    switch (random.nextInt(17)) {
                        case 0, 1, 2, 3 -> enqueue(random.nextInt(15) == 0 ? job() : id);
                        case 4 -> new JobCommand.Cancel(id, QUEUE, job());
                        case 5 -> new JobCommand.Retry(id, QUEUE, job());
                        case 6 -> new JobCommand.RunNow(id, QUEUE, job());
                        case 7 -> ofQueue(id);
                        case 8 -> new JobCommand.Erase(id, QUEUE, job());
                        default -> ofAttempt(id);
                    };
            commands.add(command);
            return command;
        }

        private JobCommand enqueue(UUID id) {
            boolean unique = random.nextInt(3) == 0;
            JobSpec spec = new JobSpec(
                    "t" + random.nextInt(2),
                    random.nextInt(3),
                    random.nextInt(8) == 0 ? Instant.ofEpochMilli(nowMs + random.nextInt(8_000) - 4_000) : null,
                    0,
                    unique ? "u" + random.nextInt(3) : null,
                    unique && random.nextBoolean() ? 1 + random.nextInt(200) : 0,
                    1 + random.nextInt(3),
                    1 + random.nextInt(30),
                    random.nextBoolean() ? "k" + random.nextInt(3) : null,
                    new RetryPolicy(random.nextInt(3) * 1_000L, 5_000, List.of("fatal")));
            return new JobCommand.Enqueue(id, QUEUE, spec, "{\"n\":" + ids + "}");
        }

        private JobCommand ofQueue(UUID id) {
            return switch (random.nextInt(6)) {
                case 0 -> new JobCommand.Pause(id, QUEUE);
                case 1 -> new JobCommand.Limit(id, QUEUE, null);
                case 2 -> new JobCommand.Limit(id, QUEUE, new QueueLimits(random.nextInt(5), 0, random.nextInt(4), 0));
                default -> new JobCommand.Resume(id, QUEUE);
            };
        }

        private JobCommand ofAttempt(UUID id) {
            UUID job = job();
            StoredJob stored = book.job(job);
            long token = (stored == null ? 1 : stored.token()) - (random.nextInt(10) == 0 ? 1 : 0);
            return switch (random.nextInt(12)) {
                case 0 -> new JobCommand.Heartbeat(id, QUEUE, job, token, random.nextBoolean());
                case 1 -> new JobCommand.Progress(id, QUEUE, job, token, new JobProgress(0.5, null));
                case 2, 3 -> new JobCommand.Succeed(id, QUEUE, job, token, null);
                case 4, 5, 6 -> {
                    String type = random.nextInt(4) == 0 ? "fatal" : "broken";
                    yield new JobCommand.Fail(
                            id,
                            QUEUE,
                            job,
                            token,
                            new JobError(type, "m"),
                            random.nextInt(5) == 0,
                            random.nextInt(3) * 1_500L);
                }
                case 7 -> new JobCommand.HandBack(id, QUEUE, job, token);
                default -> new JobCommand.Start(id, QUEUE, job, token, "w" + random.nextInt(2));
            };
        }

        /** One that is active, rather than another; now and then one that never was. */
        private UUID job() {
            List<UUID> active = new ArrayList<>();
            @Nullable UUID any = null;
            for (int number = 1; number <= ids; number++) {
                StoredJob job = book.job(Effects.id(number));
                if (job != null) {
                    any = random.nextInt(3) == 0 ? job.id() : any;
                    if (job.phase().isActive()) {
                        active.add(job.id());
                    }
                }
            }
            if (!active.isEmpty() && random.nextInt(4) > 0) {
                return active.get(random.nextInt(active.size()));
            }
            return any == null ? Effects.id(1 + random.nextInt(ids + 1)) : any;
        }
    }
}
