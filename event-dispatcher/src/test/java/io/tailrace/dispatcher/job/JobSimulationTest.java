package io.tailrace.dispatcher.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobError;
import io.tailrace.contracts.job.JobProgress;
import io.tailrace.contracts.job.JobQueue;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.contracts.job.QueueLimits;
import io.tailrace.contracts.job.RetryPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * People, workers and a dispatcher that is killed now and then, by a seed: the same seed leads to the same history. At the end nothing is
 * lost, nothing is stuck, and the store is empty when everything has been forgotten.
 */
class JobSimulationTest {
    private static final int STEPS = 400;
    private static final List<String> NAMES = List.of("plain", "tight", "paced");
    private static final RetryPolicy SOON = new RetryPolicy(500, 3_000, List.of("fatal"));

    @Property(tries = 60)
    void whatever_dies_every_job_ends_once_and_no_limit_is_exceeded(@ForAll long seed) {
        new Simulation(seed).run();
    }

    /** One history. */
    private static final class Simulation {
        private final Random random;
        private final JobWorld world;
        private final List<StoredJob> taken = new ArrayList<>();
        private final List<JobCommand> sent = new ArrayList<>();
        private int ids;

        Simulation(long seed) {
            random = new Random(seed);
            world = new JobWorld(random);
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(12)) {
                    case 0, 1 -> send(asked());
                    case 2, 3, 4 -> work();
                    case 5, 6 -> world.read(1 + random.nextInt(5));
                    case 7 -> world.commit();
                    case 8 -> {
                        world.commit();
                        world.look();
                        world.commit();
                    }
                    case 9 -> world.wallMs += random.nextInt(random.nextInt(10) == 0 ? 40_000 : 1_500);
                    case 10 -> send(sent.isEmpty() ? asked() : sent.get(random.nextInt(sent.size())));
                    default -> {
                        if (random.nextInt(3) == 0) {
                            world.crash();
                        }
                    }
                }
            }
            everythingEnds();
            everythingIsForgotten();
        }

        private void send(JobCommand command) {
            sent.add(command);
            world.send(command);
        }

        private UUID id() {
            return Effects.id(++ids);
        }

        /** What people ask for. */
        private JobCommand asked() {
            String queue = NAMES.get(random.nextInt(NAMES.size()));
            return switch (random.nextInt(15)) {
                case 0 -> new JobCommand.Cancel(id(), queue, any(queue));
                case 1 -> new JobCommand.Retry(id(), queue, any(queue));
                case 2 -> new JobCommand.RunNow(id(), queue, any(queue));
                case 3 -> new JobCommand.Pause(id(), queue);
                case 4, 5 -> new JobCommand.Resume(id(), queue);
                case 6 ->
                    queue.equals("paced")
                            ? new JobCommand.Limit(id(), queue, null)
                            : new JobCommand.Limit(
                                    id(), queue, new QueueLimits(random.nextInt(4), 0, random.nextInt(3), 0));
                case 7 -> new JobCommand.Erase(id(), queue, any(queue));
                default -> enqueue(queue);
            };
        }

        private UUID any(String queue) {
            return world.job(job -> job.queue().equals(queue));
        }

        private JobCommand enqueue(String queue) {
            boolean unique = random.nextInt(3) == 0;
            UUID id = id();
            JobSpec spec = new JobSpec(
                    "t" + random.nextInt(2),
                    random.nextInt(10),
                    switch (random.nextInt(8)) {
                        case 0 -> Instant.ofEpochMilli(world.wallMs + random.nextInt(20_000));
                        case 1 -> Instant.MIN;
                        case 2 -> random.nextInt(4) == 0 ? JobSpec.LAST_RUN_AT : null;
                        default -> null;
                    },
                    0,
                    unique ? "u" + random.nextInt(4) : null,
                    unique && random.nextBoolean() ? 1 + random.nextInt(60) : 0,
                    1 + random.nextInt(3),
                    1 + random.nextInt(20),
                    random.nextBoolean() ? "k" + random.nextInt(3) : null,
                    SOON);
            return new JobCommand.Enqueue(id, queue, spec, JobWitness.payload(id));
        }

        /** A worker takes a job, or says something of one that it, or a frozen one, has taken. */
        private void work() {
            if (!world.ready.isEmpty() && (taken.isEmpty() || random.nextInt(3) == 0)) {
                int at = random.nextInt(world.ready.size());
                // Now and then a broker hands a record out twice.
                StoredJob job = random.nextInt(8) == 0 ? world.ready.get(at) : world.ready.remove(at);
                taken.add(job);
                if (random.nextInt(8) > 0) {
                    send(new JobCommand.Start(id(), job.queue(), job.id(), job.token(), "w" + random.nextInt(2)));
                }
            } else if (!taken.isEmpty()) {
                send(said(taken.get(random.nextInt(taken.size()))));
            }
        }

        private JobCommand said(StoredJob job) {
            UUID id = id();
            boolean last = random.nextInt(3) > 0;
            if (last) {
                taken.remove(job);
            }
            if (!last) {
                return random.nextBoolean()
                        ? new JobCommand.Heartbeat(id, job.queue(), job.id(), job.token())
                        : new JobCommand.Progress(id, job.queue(), job.id(), job.token(), new JobProgress(0.5, "half"));
            }
            return switch (random.nextInt(6)) {
                case 0, 1 -> {
                    JobError error = new JobError(random.nextInt(4) == 0 ? "fatal" : "broken", "m");
                    yield new JobCommand.Fail(
                            id, job.queue(), job.id(), job.token(), error, random.nextInt(6) == 0, random.nextInt(900));
                }
                case 2 -> new JobCommand.HandBack(id, job.queue(), job.id(), job.token());
                // It vanishes, but for one last word.
                case 3 -> new JobCommand.Heartbeat(id, job.queue(), job.id(), job.token());
                default -> new JobCommand.Succeed(id, job.queue(), job.id(), job.token(), "1");
            };
        }

        /** Everybody does what they should, and so every job comes to its end. */
        private void everythingEnds() {
            NAMES.forEach(queue -> {
                world.send(new JobCommand.Resume(id(), queue));
                world.send(new JobCommand.Limit(id(), queue, null));
            });
            for (int round = 0; world.witness().anyOpen() != null || round == 0; round++) {
                assertThat(round).as("%s is stuck", world.witness().anyOpen()).isLessThan(1_000);
                world.settle();
                List<StoredJob> released = List.copyOf(world.ready);
                world.ready.clear();
                for (StoredJob job : released) {
                    world.send(new JobCommand.Start(id(), job.queue(), job.id(), job.token(), "w"));
                    world.send(new JobCommand.Succeed(id(), job.queue(), job.id(), job.token(), null));
                }
                UUID waiting = world.job(
                        job -> job.phase() instanceof JobPhase.Delayed(long dueMs, boolean _) && dueMs > 1_000_000_000);
                NAMES.forEach(queue -> world.send(new JobCommand.Cancel(id(), queue, waiting)));
                world.settle();
                world.wallMs += 500;
            }
        }

        private void everythingIsForgotten() {
            world.wallMs += JobWorld.SETTINGS.keepDead().toMillis() + 1_000 * 60;
            world.settle();
            // Whoever was cancelled while running may have had to be taken for lost first.
            world.wallMs += JobWorld.SETTINGS.keepDead().toMillis();
            world.settle();
            JobStoreCheck store = new JobStoreCheck(world.store());
            assertThat(store.jobs()).isEmpty();
            assertThat(store.entries().keySet())
                    .as("queues and the clock are left")
                    .isSubsetOf('q', 'c');
            assertThat(store.entries().getOrDefault('q', 0))
                    .isLessThanOrEqualTo(JobWorld.QUEUES.all().size());
            assertThat(JobWorld.QUEUES.all()).extracting(JobQueue::name).containsAll(NAMES);
        }
    }
}
