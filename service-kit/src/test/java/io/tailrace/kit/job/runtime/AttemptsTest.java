package io.tailrace.kit.job.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.backends.Eventually;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobError;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobProgress;
import io.tailrace.contracts.job.JobRefusal;
import io.tailrace.kit.job.attempt.AttemptCommands;
import io.tailrace.kit.job.attempt.JobNews;
import io.tailrace.kit.job.attempt.Outcome;
import io.tailrace.kit.job.attempt.ReleasedJob;
import io.tailrace.kit.job.attempt.StopReason;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is written about attempts, by a clock and a log that the test moves. */
@Timeout(300)
class AttemptsTest {
    private static final long LEASE_MS = 30_000;
    private static final Attempt.Times TIMES = new Attempt.Times(5_000, 500, 10_000, 200);

    private final AtomicLong nowMs = new AtomicLong(1_000);
    private final AtomicLong ids = new AtomicLong();
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final Attempts attempts = new Attempts(
            new CommandLog(producer),
            new LogLines(
                    producer,
                    Namespaces.builtIn(),
                    () -> new UUID(2, ids.incrementAndGet()),
                    InstantSource.fixed(Instant.EPOCH)),
            new AttemptCommands("w1", InstantSource.fixed(Instant.EPOCH)),
            () -> new UUID(1, ids.incrementAndGet()),
            nowMs::get,
            TIMES,
            1,
            new SimpleMeterRegistry());
    private final Semaphore places = new Semaphore(10);
    private final ReleasedJob job = job(7);

    private static ReleasedJob job(long token) {
        return new ReleasedJob(
                new UUID(5, 5), "default", "a", 1, false, token, 5, Instant.EPOCH, Instant.EPOCH, 60, LEASE_MS, null);
    }

    /** Begins an attempt as a loop does, with a place. */
    private CompletableFuture<Void> begin(ReleasedJob released, Attempts.Runner runner) {
        assertThat(places.tryAcquire()).isTrue();
        return attempts.begin(released, places, runner);
    }

    private List<String> written() {
        return producer.history().stream().map(AttemptsTest::type).toList();
    }

    private static String type(ProducerRecord<byte[], byte[]> record) {
        return new String(record.headers().lastHeader(Event.HEADER_TYPE).value(), UTF_8);
    }

    private UUID commandId(int index) {
        return UUID.fromString(new String(
                producer.history()
                        .get(index)
                        .headers()
                        .lastHeader(Event.HEADER_ID)
                        .value(),
                UTF_8));
    }

    private void acknowledgeAll() {
        while (producer.completeNext()) {
            // Each of them.
        }
    }

    private void pass(long ms) {
        nowMs.addAndGet(ms);
        attempts.tick();
    }

    @Test
    void nothingRunsBeforeItsStartIsAnsweredAndItsOutcomeIsWrittenUntilTheLogHasIt() {
        CountDownLatch ran = new CountDownLatch(1);
        CompletableFuture<Void> settled = begin(job, attempt -> {
            ran.countDown();
            return new Outcome.Succeeded("1");
        });
        assertThat(settled).isNotDone();
        acknowledgeAll();
        // Its record is needed no longer, and its handler waits for the answer.
        assertThat(settled).isDone();
        assertThat(ran.getCount()).isEqualTo(1);

        attempts.hear(new JobNews.Started(commandId(0)));

        Eventually.holds("the outcome is written", () -> written().size() == 2);
        producer.errorNext(new TimeoutException("nobody answers"));
        assertThat(attempts.size()).isEqualTo(1);
        pass(TIMES.againMs());
        assertThat(written())
                .containsExactly(JobEvents.ATTEMPT_STARTED, JobEvents.ATTEMPT_SUCCEEDED, JobEvents.ATTEMPT_SUCCEEDED);
        assertThat(commandId(1)).isEqualTo(commandId(2));
        acknowledgeAll();
        assertThat(attempts.size()).isZero();
        assertThat(places.availablePermits()).isEqualTo(10);
    }

    @Test
    void whatIsLoggedIsWrittenWhileTheAttemptRunsAndTheRestBeforeItsOutcome() {
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch logged = new CountDownLatch(1);
        var unused = begin(job, attempt -> {
            JobLogger logger = new JobLogger("a", job.id(), attempt.log(), InstantSource.fixed(Instant.EPOCH));
            logger.info("read {} rows", 3);
            logger.debug("not kept");
            logged.countDown();
            try {
                mayEnd.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            logger.warn("slow", new IllegalStateException("the disk"));
            return new Outcome.Succeeded(null);
        });
        attempts.hear(new JobNews.Started(commandId(0)));
        Eventually.holds("it has logged", () -> logged.getCount() == 0);

        pass(1);
        pass(1);

        assertThat(written()).containsExactly(JobEvents.ATTEMPT_STARTED, JobEvents.JOB_LOGGED, JobEvents.JOB_LOGGED);
        assertThat(producer.history().stream().map(ProducerRecord::topic))
                .endsWith("tailrace.job-logs", "tailrace.channels.job");
        String first = new String(producer.history().get(1).value(), UTF_8);
        assertThat(first)
                .isEqualTo("{\"job_id\":\"" + job.id() + "\",\"attempt\":1,\"lines\":[{\"line\":1,"
                        + "\"at\":\"1970-01-01T00:00:00Z\",\"level\":\"info\",\"text\":\"read 3 rows\"}],"
                        + "\"dropped\":0}");
        mayEnd.countDown();
        Eventually.holds("the outcome is written", () -> written().contains(JobEvents.ATTEMPT_SUCCEEDED));
        assertThat(written()).endsWith(JobEvents.JOB_LOGGED, JobEvents.JOB_LOGGED, JobEvents.ATTEMPT_SUCCEEDED);
        assertThat(new String(producer.history().get(3).value(), UTF_8))
                .contains("\"line\":2", "\"level\":\"warn\"", "slow\\njava.lang.IllegalStateException: the disk");
    }

    @Test
    void aRecordIsNeededUntilTheLogHasTheStartOfItsAttempt() {
        CompletableFuture<Void> settled = begin(job, attempt -> new Outcome.Succeeded(null));
        producer.errorNext(new TimeoutException("nobody answers"));
        assertThat(settled).isNotDone();

        pass(TIMES.againMs());
        assertThat(settled).isNotDone();
        acknowledgeAll();

        assertThat(settled).isDone();
    }

    @Test
    void aStartThatIsNotAnsweredIsWrittenAgainAsTheSameCommand() {
        var unused = begin(job, attempt -> new Outcome.Succeeded(null));

        pass(TIMES.againMs());
        pass(1);

        assertThat(written()).containsExactly(JobEvents.ATTEMPT_STARTED, JobEvents.ATTEMPT_STARTED);
        assertThat(commandId(0)).isEqualTo(commandId(1));
        attempts.hear(new JobNews.Repeated(commandId(0), "w1", true));
        attempts.hear(new JobNews.Repeated(commandId(0), "w1", true));
        Eventually.holds("it ran once", () -> written().size() == 3);
        acknowledgeAll();
        // Its own thread may learn that, when it comes back from writing.
        Eventually.holds("it is forgotten", () -> attempts.size() == 0);
        assertThat(written()).hasSize(3);
    }

    @Test
    void aStartThatIsRefusedRunsNothing() {
        for (JobRefusal reason : JobRefusal.values()) {
            CompletableFuture<Void> settled = begin(job, attempt -> {
                throw new IllegalStateException("it runs");
            });
            attempts.hear(new JobNews.Refused(commandId(producer.history().size() - 1), reason.label()));
            assertThat(settled).as(reason.label()).isDone();
            assertThat(attempts.size()).isZero();
        }
        var unused = begin(job, attempt -> {
            throw new IllegalStateException("it runs");
        });
        attempts.hear(new JobNews.Repeated(commandId(producer.history().size() - 1), "another", true));
        assertThat(attempts.size()).isZero();
        assertThat(places.availablePermits()).isEqualTo(10);
        assertThat(written()).containsOnly(JobEvents.ATTEMPT_STARTED);
    }

    @Test
    void aRecordThatTheBrokerBringsAgainBeginsNothing() {
        CompletableFuture<Void> settled = begin(job, attempt -> new Outcome.Succeeded(null));

        assertThat(attempts.known(job)).isSameAs(settled);
        assertThat(attempts.known(job(6))).isDone();
        assertThat(attempts.known(job(8))).isNull();
    }

    @Test
    void aWorkerThatWasFrozenPastItsLeaseSaysNothingMoreOfIt() {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        var unused = begin(job, attempt -> {
            began.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return new Outcome.Succeeded("too late");
        });
        attempts.hear(new JobNews.Started(commandId(0)));
        Eventually.holds("it began", () -> began.getCount() == 0);
        nowMs.addAndGet(10 * LEASE_MS);

        attempts.hear(new JobNews.Ended(job.id(), job.token(), null, JobError.LEASE_EXPIRED));

        Eventually.holds("it stopped", () -> interrupted.getCount() == 0 && attempts.size() == 0);
        assertThat(written()).containsExactly(JobEvents.ATTEMPT_STARTED);
    }

    @Test
    void whatIsSaidOfAnotherAttemptStopsNothing() {
        CountDownLatch end = new CountDownLatch(1);
        var unused = begin(job, attempt -> await(end));
        attempts.hear(new JobNews.Started(commandId(0)));

        attempts.hear(new JobNews.Ended(job.id(), job.token() - 1, null, JobError.LEASE_EXPIRED));
        attempts.hear(new JobNews.Ended(new UUID(9, 9), job.token(), null, null));
        attempts.hear(new JobNews.Refused(new UUID(9, 9), "stale_token"));
        end.countDown();

        Eventually.holds("it succeeded", () -> written().contains(JobEvents.ATTEMPT_SUCCEEDED));
    }

    private static Outcome await(CountDownLatch end) {
        try {
            end.await();
            return new Outcome.Succeeded(null);
        } catch (InterruptedException e) {
            return new Outcome.Failed(new JobError("interrupted", ""), false, 0);
        }
    }

    @Test
    void aLeaseIsRenewedAtAThirdAndProgressIsSaidNoOftenerThanTheInterval() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CompletableFuture<Attempt> running = new CompletableFuture<>();
        var unused = begin(job, attempt -> {
            running.complete(attempt);
            return await(end);
        });
        attempts.hear(new JobNews.Started(commandId(0)));
        Attempt attempt = Eventually.result("it runs", running);
        pass(LEASE_MS / 3 - 1);
        assertThat(written()).hasSize(1);
        pass(1);
        assertThat(written()).hasSize(2).last().isEqualTo(JobEvents.ATTEMPT_CONTINUED);

        attempt.progress(new JobProgress(0.1, null));
        attempt.progress(new JobProgress(0.2, null));
        pass(TIMES.progressMs() - 1);
        assertThat(written()).hasSize(2);
        pass(1);
        assertThat(written()).hasSize(3).last().isEqualTo(JobEvents.ATTEMPT_PROGRESSED);
        pass(TIMES.progressMs());
        assertThat(written()).hasSize(3);

        // A sign of life that is refused says that the attempt is over.
        attempts.hear(new JobNews.Refused(commandId(2), "stale_token"));
        assertThat(attempt.stopReason()).isEqualTo(StopReason.LEASE_LOST);
        end.countDown();
        Eventually.holds("it is forgotten", () -> attempts.size() == 0);
        assertThat(written()).hasSize(3);
    }

    @Test
    void anAttemptPastItsDeadlineHasTimedOutAlsoIfTheDispatcherDoesNotSaySo() {
        CountDownLatch never = new CountDownLatch(1);
        var unused = begin(job, attempt -> await(never));
        attempts.hear(new JobNews.Started(commandId(0)));

        pass(60_000);

        Eventually.holds("it failed", () -> written().contains(JobEvents.ATTEMPT_FAILED));
        assertThat(new String(producer.history().getLast().value(), UTF_8)).contains("\"type\":\"timeout\"");
    }

    @Test
    void ofHandlersThatIgnoreInterruptionOnlySoManyAreWrittenOff() {
        CountDownLatch end = new CountDownLatch(1);
        for (int i = 0; i < 2; i++) {
            ReleasedJob each = new ReleasedJob(
                    new UUID(5, i), "default", "a", 1, false, 1, 5, Instant.EPOCH, Instant.EPOCH, 60, LEASE_MS, null);
            var unused = begin(each, attempt -> ignoringInterruption(end));
            attempts.hear(new JobNews.Started(commandId(i)));
        }
        pass(60_000);
        pass(TIMES.writeOffMs());
        acknowledgeAll();

        assertThat(attempts.meters().writtenOff()).isEqualTo(1);
        assertThat(places.availablePermits()).isEqualTo(9);
        end.countDown();
        Eventually.holds("both returned", () -> {
            acknowledgeAll();
            return attempts.size() == 0 && attempts.meters().writtenOff() == 0;
        });
        Eventually.holds("both places are given back", () -> places.availablePermits() == 10);
        assertThat(written().stream().filter(JobEvents.ATTEMPT_FAILED::equals)).hasSize(2);
    }

    private static Outcome ignoringInterruption(CountDownLatch end) {
        while (end.getCount() > 0) {
            Thread.onSpinWait();
            Thread.yield();
        }
        return new Outcome.Succeeded(null);
    }

    @Test
    void whenTheWorkerStopsWhatWasNotAnsweredIsHandedBack() {
        CountDownLatch never = new CountDownLatch(1);
        var unused = begin(job, attempt -> await(never));

        attempts.stopAll();
        attempts.hear(new JobNews.Started(commandId(0)));
        acknowledgeAll();

        assertThat(written()).containsExactly(JobEvents.ATTEMPT_STARTED, JobEvents.ATTEMPT_HANDED_BACK);
        assertThat(attempts.size()).isZero();
    }
}
