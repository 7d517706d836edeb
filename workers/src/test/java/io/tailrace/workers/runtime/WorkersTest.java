package io.tailrace.workers.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.backends.Eventually;
import io.tailrace.contracts.job.JobError;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobEvents.JobChanged;
import io.tailrace.kit.consume.Condition;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.runtime.Handlers;
import io.tailrace.kit.job.runtime.Workers;
import io.tailrace.workers.testing.Handler;
import io.tailrace.workers.testing.TestDispatcher;
import io.tailrace.workers.testing.TestJobs;
import io.tailrace.workers.testing.TestWorkers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What handlers do and what becomes of their jobs, with the dispatcher's decisions and a real broker. */
@Timeout(300)
@Tag("server")
class WorkersTest {
    private final TestWorkers workers = new TestWorkers();
    private final TestJobs jobs = new TestJobs();

    /** A payload. */
    record Size(int width, @Nullable String unit) {}

    @BeforeEach
    void dispatcher() {
        var unused = TestDispatcher.shared();
    }

    @AfterEach
    void stop() {
        workers.close();
        jobs.close();
    }

    @Test
    void aHandlerReadsThePayloadAndItsResultIsKept() {
        workers.type("double")
                .start(Handler.of("double", Size.class, (size, context) -> Map.of("width", size.width() * 2)));

        UUID job = jobs.enqueue(TestJobs.spec("double", 1, 60), Map.of("width", 21));

        JobChanged done = jobs.await(job, JobEvents.JOB_SUCCEEDED);
        assertThat(done.result()).isEqualTo(Map.of("width", 42));
        assertThat(jobs.types(job))
                .containsExactly(JobEvents.JOB_SCHEDULED, JobEvents.JOB_STARTED, JobEvents.JOB_SUCCEEDED);
    }

    @Test
    void aPayloadThatTheHandlerDoesNotKnowIsFinal() {
        workers.type("strict").start(Handler.of("strict", Size.class, (size, context) -> size.width()));

        UUID job = jobs.enqueue(TestJobs.spec("strict", 5, 60), Map.of("width", 1, "colour", "red"));
        UUID none = jobs.enqueue(TestJobs.spec("strict", 5, 60), null);

        assertThat(error(jobs.await(job, JobEvents.JOB_DEAD)).type()).isEqualTo(Handlers.INVALID_PAYLOAD);
        assertThat(error(jobs.await(none, JobEvents.JOB_DEAD)).type()).isEqualTo(Handlers.INVALID_PAYLOAD);
    }

    @Test
    void whatAHandlerThrowsFailsTheAttemptAndTheNextOneHasAHigherToken() {
        List<Long> tokens = new CopyOnWriteArrayList<>();
        workers.type("flaky").start(Handler.of("flaky", JsonNode.class, (payload, context) -> {
            tokens.add(context.token());
            if (context.attempt() == 1) {
                throw new IllegalStateException("not yet");
            }
            return context.isLastAttempt();
        }));

        UUID job = jobs.enqueue(TestJobs.spec("flaky", 2, 60), null);

        JobError error = error(jobs.await(job, JobEvents.JOB_RETRYING));
        assertThat(error.type()).isEqualTo("java.lang.IllegalStateException");
        assertThat(error.message()).isEqualTo("not yet");
        assertThat(jobs.await(job, JobEvents.JOB_SUCCEEDED).result()).isEqualTo(true);
        assertThat(tokens).hasSize(2).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aLastingFailureIsFinalAndAResultThatIsTooLargeIs() {
        workers.type("lasting")
                .type("large")
                .start(
                        Handler.of("lasting", JsonNode.class, (payload, context) -> {
                            throw JobFailure.lasting("no_such_mailbox", "550", null);
                        }),
                        Handler.of("large", JsonNode.class, (payload, context) -> "x".repeat(70_000)));

        UUID lasting = jobs.enqueue(TestJobs.spec("lasting", 5, 60), null);
        UUID large = jobs.enqueue(TestJobs.spec("large", 5, 60), null);

        assertThat(error(jobs.await(lasting, JobEvents.JOB_DEAD)).type()).isEqualTo("no_such_mailbox");
        assertThat(error(jobs.await(large, JobEvents.JOB_DEAD)).type()).isEqualTo(Handlers.INVALID_RESULT);
    }

    @Test
    void anAttemptThatTakesTooLongIsInterruptedAndHasTimedOut() {
        CountDownLatch interrupted = new CountDownLatch(1);
        workers.type("slow").start(Handler.of("slow", JsonNode.class, (payload, context) -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return null;
        }));

        UUID job = jobs.enqueue(TestJobs.spec("slow", 1, 1), null);

        assertThat(error(jobs.await(job, JobEvents.JOB_DEAD)).type()).isEqualTo(JobError.TIMEOUT);
        Eventually.holds("it was interrupted", () -> interrupted.getCount() == 0);
    }

    @Test
    void aHandlerThatIgnoresItsInterruptionIsWrittenOffAndItsPlaceIsAnotherJobs() {
        CountDownLatch end = new CountDownLatch(1);
        Workers running = workers.type("deaf")
                .type("next")
                .concurrency(1)
                .start(
                        Handler.of("deaf", JsonNode.class, (payload, context) -> {
                            while (end.getCount() > 0) {
                                try {
                                    end.await();
                                } catch (InterruptedException e) {
                                    assertThat(context.isStopped()).isTrue();
                                }
                            }
                            return null;
                        }),
                        Handler.of("next", JsonNode.class, (payload, context) -> null));
        try {
            UUID deaf = jobs.enqueue(TestJobs.spec("deaf", 1, 1), null);
            jobs.await(deaf, JobEvents.JOB_STARTED);
            UUID next = jobs.enqueue(TestJobs.spec("next", 1, 60), null);

            jobs.await(next, JobEvents.JOB_SUCCEEDED);
            assertThat(error(jobs.await(deaf, JobEvents.JOB_DEAD)).type()).isEqualTo(JobError.TIMEOUT);
            assertThat(running.writtenOff()).isEqualTo(1);
        } finally {
            end.countDown();
        }
        Eventually.holds("it came to its end", () -> running.writtenOff() == 0);
    }

    @Test
    void aHandlerThatRunsOutOfMemoryFailsItsAttemptAlone() {
        workers.type("greedy")
                .type("modest")
                .start(
                        Handler.of("greedy", JsonNode.class, (payload, context) -> {
                            // Each is larger than the heap, so there is room for the others when it is refused.
                            List<long[]> kept = new ArrayList<>();
                            while (kept.size() < Integer.MAX_VALUE) {
                                kept.add(new long[Integer.MAX_VALUE - 8]);
                            }
                            return kept.size();
                        }),
                        Handler.of("modest", JsonNode.class, (payload, context) -> "done"));

        UUID greedy = jobs.enqueue(TestJobs.spec("greedy", 1, 60), null);
        UUID modest = jobs.enqueue(TestJobs.spec("modest", 1, 60), null);

        assertThat(error(jobs.await(greedy, JobEvents.JOB_DEAD)).type()).isEqualTo("java.lang.OutOfMemoryError");
        assertThat(jobs.await(modest, JobEvents.JOB_SUCCEEDED).result()).isEqualTo("done");
    }

    @Test
    void aCancelledAttemptIsInterruptedAndWhatItReturnsChangesNothing() {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch returned = new CountDownLatch(1);
        Workers running = workers.type("endless").start(Handler.of("endless", JsonNode.class, (payload, context) -> {
            began.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                returned.countDown();
            }
            return "too late";
        }));
        UUID job = jobs.enqueue(TestJobs.spec("endless", 3, 60), null);
        Eventually.holds("it began", () -> began.getCount() == 0);

        jobs.cancel(job);

        jobs.await(job, JobEvents.JOB_CANCELLED);
        Eventually.holds("it returned", () -> returned.getCount() == 0 && running.running() == 0);
        UUID after = jobs.enqueue(TestJobs.spec("endless", 1, 1), null);
        jobs.await(after, JobEvents.JOB_DEAD);
        assertThat(jobs.types(job))
                .containsExactly(JobEvents.JOB_SCHEDULED, JobEvents.JOB_STARTED, JobEvents.JOB_CANCELLED);
    }

    @Test
    void aJobThatWasCancelledBeforeAWorkerCameHasNoEffect() {
        AtomicInteger runs = new AtomicInteger();
        UUID cancelled = jobs.enqueue(TestJobs.spec("early", 1, 60), "cancelled");
        jobs.await(cancelled, JobEvents.JOB_SCHEDULED);
        jobs.cancel(cancelled);
        jobs.await(cancelled, JobEvents.JOB_CANCELLED);
        UUID kept = jobs.enqueue(TestJobs.spec("early", 1, 60), "kept");

        workers.type("early").start(Handler.of("early", String.class, (payload, context) -> {
            runs.incrementAndGet();
            return payload;
        }));

        assertThat(jobs.await(kept, JobEvents.JOB_SUCCEEDED).result()).isEqualTo("kept");
        assertThat(runs).hasValue(1);
    }

    @Test
    void aJobWaitsForAWorkerThatHasAHandlerOfItsType() {
        workers.type("rare").type("other", "others");
        workers.startIn("others", Handler.of("other", JsonNode.class, (payload, context) -> "others'"));
        UUID rare = jobs.enqueue(TestJobs.spec("rare", 1, 60), null);
        UUID other = jobs.enqueue(TestJobs.spec("other", 1, 60), null);

        assertThat(jobs.await(other, JobEvents.JOB_SUCCEEDED).result()).isEqualTo("others'");
        assertThat(jobs.types(rare)).containsExactly(JobEvents.JOB_SCHEDULED);

        Workers late = workers.start(Handler.of("rare", JsonNode.class, (payload, context) -> "at last"));
        assertThat(late.missing()).isEmpty();
        assertThat(jobs.await(rare, JobEvents.JOB_SUCCEEDED).result()).isEqualTo("at last");
    }

    @Test
    void progressIsToldAndAJobEnqueuesAnotherOnceInAllItsAttempts() {
        List<UUID> children = new CopyOnWriteArrayList<>();
        CountDownLatch told = new CountDownLatch(1);
        workers.type("parent")
                .type("child")
                .start(
                        Handler.of("parent", JsonNode.class, (payload, context) -> {
                            children.add(context.enqueue("the only one", "child", Map.of("of", context.id())));
                            context.progress(0.5, "half");
                            context.log().info("attempt {} has enqueued {}", context.attempt(), children);
                            told.await();
                            if (context.attempt() == 1) {
                                throw JobFailure.passing("again", "once more", null);
                            }
                            return null;
                        }),
                        Handler.of("child", JsonNode.class, (payload, context) -> payload.get("of")));

        UUID parent = jobs.enqueue(TestJobs.spec("parent", 2, 60), null);

        assertThat(Objects.requireNonNull(
                                jobs.await(parent, JobEvents.JOB_PROGRESSED).progress())
                        .message())
                .isEqualTo("half");
        told.countDown();
        jobs.await(parent, JobEvents.JOB_SUCCEEDED);
        assertThat(children).hasSize(2);
        assertThat(children.getFirst()).isEqualTo(children.getLast());
        UUID child = children.getFirst();
        assertThat(jobs.await(child, JobEvents.JOB_SUCCEEDED).result()).isEqualTo(parent.toString());
        assertThat(jobs.types(child)).containsOnlyOnce(JobEvents.JOB_STARTED);
    }

    @Test
    void aLeaseIsRenewedWhileAHandlerWorks() {
        CountDownLatch end = new CountDownLatch(1);
        workers.type("long").start(Handler.of("long", JsonNode.class, (payload, context) -> {
            end.await();
            return null;
        }));
        UUID job = jobs.enqueue(TestJobs.spec("long", 1, 60), null);
        jobs.await(job, JobEvents.JOB_STARTED);
        // Another one that is silent loses its lease meanwhile, which shows that the time was long enough.
        UUID silent = silentAttempt();
        assertThat(error(jobs.await(silent, JobEvents.JOB_DEAD)).type()).isEqualTo(JobError.LEASE_EXPIRED);

        end.countDown();

        jobs.await(job, JobEvents.JOB_SUCCEEDED);
    }

    /** A job that somebody has started who says nothing more. */
    private UUID silentAttempt() {
        workers.type("silent");
        UUID job = jobs.enqueue(TestJobs.spec("silent", 1, 60), null);
        jobs.await(job, JobEvents.JOB_SCHEDULED);
        Eventually.holds("it was started", () -> {
            jobs.start(job, 1);
            return jobs.types(job).contains(JobEvents.JOB_STARTED);
        });
        return job;
    }

    @Test
    void aWorkerThatStopsFinishesWhatItCanAndHandsBackTheRest() {
        CountDownLatch end = new CountDownLatch(1);
        List<String> runs = new CopyOnWriteArrayList<>();
        Handler<String> handler = Handler.of("stopped", String.class, (payload, context) -> {
            runs.add(payload);
            if (payload.equals("short")) {
                end.await();
            } else if (runs.stream().filter("long"::equals).count() == 1) {
                new CountDownLatch(1).await();
            }
            return payload;
        });
        Workers first = workers.type("stopped").stopGrace(Duration.ofSeconds(5)).start(handler);
        UUID shortJob = jobs.enqueue(TestJobs.spec("stopped", 1, 60), "short");
        UUID longJob = jobs.enqueue(TestJobs.spec("stopped", 1, 60), "long");
        Eventually.holds("both run", () -> runs.size() == 2);

        Thread.ofPlatform().start(() -> {
            Eventually.holds("it stops", () -> first.loops().getFirst().condition() instanceof Condition.Stopped);
            end.countDown();
        });
        first.close();

        jobs.await(shortJob, JobEvents.JOB_SUCCEEDED);
        assertThat(error(jobs.await(longJob, JobEvents.JOB_RETRYING)).type()).isEqualTo(JobError.HANDED_BACK);
        workers.start(handler);
        jobs.await(longJob, JobEvents.JOB_SUCCEEDED);
        assertThat(runs.stream().filter("short"::equals)).hasSize(1);
    }

    @Test
    void aJobForWhichABusyWorkerHasNoPlaceComesToAnother() {
        CountDownLatch end = new CountDownLatch(1);
        workers.type("blocking").concurrency(2);
        Handler<JsonNode> handler = Handler.of("blocking", JsonNode.class, (payload, context) -> {
            end.await();
            return null;
        });
        Workers busy = workers.start(handler);
        List<UUID> started = List.of(
                jobs.enqueue(TestJobs.spec("blocking", 1, 60), null),
                jobs.enqueue(TestJobs.spec("blocking", 1, 60), null),
                jobs.enqueue(TestJobs.spec("blocking", 1, 60), null),
                jobs.enqueue(TestJobs.spec("blocking", 1, 60), null));
        Eventually.holds("two of them have its places", () -> busy.running() == 2);

        workers.start(handler);

        started.forEach(job -> jobs.await(job, JobEvents.JOB_STARTED));
        end.countDown();
        started.forEach(job -> jobs.await(job, JobEvents.JOB_SUCCEEDED));
    }

    @Test
    void aStartThatIsNotAnsweredForLongBeginsOnceAndNotTwice() {
        // A dispatcher that comes back late may find that the lease is over: then there is another attempt, and each
        // begins once.
        List<Integer> begun = new CopyOnWriteArrayList<>();
        UUID job = jobs.enqueue(TestJobs.spec("patient", 3, 60), null);
        jobs.await(job, JobEvents.JOB_SCHEDULED);
        TestDispatcher.shared().stop();
        try {
            Workers running = workers.type("patient")
                    .start(Handler.of("patient", JsonNode.class, (payload, context) -> {
                        begun.add(context.attempt());
                        return context.attempt();
                    }));
            Eventually.holds("its start is written", () -> running.running() == 1);
            long startedNs = System.nanoTime();
            // Longer than two locks: the record is not brought again, because the log has its start.
            Eventually.holds("the lock would be over", () -> System.nanoTime() - startedNs > 5_000_000_000L);
        } finally {
            TestDispatcher.shared().start();
        }

        Object last = jobs.await(job, JobEvents.JOB_SUCCEEDED).result();
        assertThat(begun).doesNotHaveDuplicates().last().isEqualTo(last);
    }

    private static JobError error(JobChanged changed) {
        return Objects.requireNonNull(changed.error());
    }
}
