package io.tailrace.dispatcher.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.job.JobError;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobEvents.AttemptReported;
import io.tailrace.contracts.job.JobEvents.JobChanged;
import io.tailrace.contracts.job.JobEvents.JobReleased;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.contracts.job.RetryPolicy;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.dispatcher.testing.DispatcherProcess;
import io.tailrace.dispatcher.testing.Facts;
import io.tailrace.dispatcher.testing.TestBroker;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dispatcher as a process, against a real broker, killed while jobs run. */
@Tag("server")
class JobProcessTest {
    private static final int JOBS = 300;
    private static final int FAILS_FIRST = 10;
    private static final String QUEUE = "default";

    private final TestBroker broker = new TestBroker();
    private final Set<UUID> enqueued = new HashSet<>();
    private int taken;

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void killed_in_the_middle_it_lets_every_job_succeed_and_every_attempt_end_once(@TempDir Path state) {
        for (int i = 0; i < JOBS; i++) {
            enqueue(i);
        }
        try (TestBroker.Reader ready = broker.reader(Topics.JOB_READY_PREFIX + QUEUE);
                TestBroker.Reader events = broker.reader(Topics.JOB_EVENTS)) {
            try (DispatcherProcess dispatcher = start(state)) {
                Eventually.holds(dispatcher::output, () -> {
                    work(ready);
                    return outcomes(events, JobEvents.JOB_SUCCEEDED) > JOBS / 3;
                });
                dispatcher.kill();
            }
            try (DispatcherProcess dispatcher = start(state)) {
                Eventually.holds(dispatcher::output, () -> {
                    work(ready);
                    return outcomes(events, JobEvents.JOB_SUCCEEDED) >= JOBS;
                });
            }
            everyAttemptEndedOnce(events.records());
        }
    }

    private DispatcherProcess start(Path state) {
        return DispatcherProcess.start(broker.settings().bootstrap(), state, Map.of());
    }

    private void enqueue(int number) {
        UUID id = UUID.randomUUID();
        enqueued.add(id);
        JobSpec spec = new JobSpec("t", number % 10, null, 0, null, 0, 3, 60, null, new RetryPolicy(20, 20, List.of()));
        send(JobEvents.ENQUEUE_REQUESTED, new JobEvents.EnqueueRequested(id, QUEUE, spec, number));
    }

    private void send(String type, Object payload) {
        broker.write(Topics.JOB_COMMANDS, Facts.record(QUEUE, Facts.event(type, payload)));
    }

    /** Starts what was released since the last call; some of it fails in its first attempt. */
    private void work(TestBroker.Reader ready) {
        List<ConsumerRecord<byte[], byte[]>> released = ready.records();
        for (; taken < released.size(); taken++) {
            JobReleased job = read(released.get(taken), JobReleased.class);
            boolean fails = job.attempt() == 1 && job.payload() instanceof Integer number && number < FAILS_FIRST;
            report(JobEvents.ATTEMPT_STARTED, job);
            report(fails ? JobEvents.ATTEMPT_FAILED : JobEvents.ATTEMPT_SUCCEEDED, job);
        }
    }

    private void report(String type, JobReleased job) {
        JobError error = new JobError("broken", "it broke");
        send(
                type,
                new AttemptReported(UUID.randomUUID(), QUEUE, job.id(), job.token(), "w", null, null, error, false, 0));
    }

    private static long outcomes(TestBroker.Reader events, String type) {
        return events.records().stream()
                .filter(event -> TestBroker.header(event, "ce_type").equals(type))
                .count();
    }

    private void everyAttemptEndedOnce(List<ConsumerRecord<byte[], byte[]>> events) {
        Map<UUID, Integer> succeeded = new HashMap<>();
        Set<String> started = new HashSet<>();
        Set<String> ended = new HashSet<>();
        int retried = 0;
        for (ConsumerRecord<byte[], byte[]> event : events) {
            String type = TestBroker.header(event, "ce_type");
            if (type.equals(JobEvents.COMMAND_ANSWERED)) {
                continue;
            }
            JobChanged changed = read(event, JobChanged.class);
            String attempt = changed.job().id() + "/" + changed.job().attempt();
            switch (type) {
                case JobEvents.JOB_STARTED ->
                    assertThat(started.add(attempt)).as(attempt).isTrue();
                case JobEvents.JOB_SUCCEEDED -> {
                    succeeded.merge(changed.job().id(), 1, Integer::sum);
                    assertThat(ended.add(attempt)).as(attempt).isTrue();
                }
                case JobEvents.JOB_RETRYING -> {
                    retried++;
                    assertThat(ended.add(attempt)).as(attempt).isTrue();
                }
                default -> assertThat(type).isEqualTo(JobEvents.JOB_SCHEDULED);
            }
        }
        assertThat(succeeded.keySet()).isEqualTo(enqueued);
        assertThat(succeeded.values()).allMatch(times -> times == 1);
        assertThat(ended).isEqualTo(started);
        assertThat(retried).isEqualTo(FAILS_FIRST);
    }

    private static <T> T read(ConsumerRecord<byte[], byte[]> event, Class<T> type) {
        try {
            return Json.read(event.value(), type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
