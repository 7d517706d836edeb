package io.tailrace.dispatcher.job;

import static io.tailrace.dispatcher.job.JobHarness.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobEvents.JobChanged;
import io.tailrace.contracts.job.JobEvents.JobReleased;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.contracts.job.RetryPolicy;
import io.tailrace.dispatcher.testing.Facts;
import io.tailrace.kit.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What commands and time lead to, in the topology that production runs. */
class JobTopologyTest {
    private final JobHarness jobs = new JobHarness(2);

    @AfterEach
    void close() {
        assertThat(jobs.harness().deadLetters()).isEmpty();
        jobs.close();
    }

    @Test
    void a_job_is_released_at_once_with_its_payload_and_told_to_those_who_look_without_it() {
        UUID id = jobs.enqueue();

        assertThat(jobs.released()).singleElement().satisfies(released -> {
            assertThat(released.id()).isEqualTo(id);
            assertThat(released.type()).isEqualTo("resize");
            assertThat(released.payload()).isEqualTo(Map.of("width", 100));
            assertThat(released.attempt()).isEqualTo(1);
            assertThat(released.lastAttempt()).isFalse();
            assertThat(released.token()).isEqualTo(1);
            assertThat(released.leaseMs()).isEqualTo(JobHarness.LEASE.toMillis());
        });
        TestRecord<byte[], byte[]> event = jobs.records("events").getFirst();
        assertThat(Facts.text(event.key())).isEqualTo("default");
        assertThat(Facts.header(event, "ce_type")).isEqualTo("job_scheduled");
        JobChanged told = JobHarness.read(event, JobChanged.class);
        assertThat(told.commandId()).isEqualTo(id);
        assertThat(told.fingerprint()).hasSize(16);
        assertThat(told.payload()).isEqualTo(Map.of("width", 100));
        assertThat(told.job().state()).isEqualTo("ready");
        for (String channel : List.of("job:" + id, "jobs:default")) {
            String topic = "tailrace.channels." + channel.substring(0, channel.indexOf(':'));
            TestRecord<byte[], byte[]> seen = jobs.records(topic).getFirst();
            assertThat(Facts.text(seen.key())).isEqualTo(channel);
            assertThat(Facts.header(seen, "ce_subject")).isEqualTo(channel);
            JobChanged shown = JobHarness.read(seen, JobChanged.class);
            assertThat(shown.job()).isEqualTo(told.job());
            assertThat(shown.payload()).isNull();
            assertThat(shown.token()).isNull();
            assertThat(shown.commandId()).isNull();
        }
    }

    @Test
    void an_attempt_begins_tells_its_progress_and_succeeds() {
        jobs.enqueue();
        JobReleased released = jobs.released().getFirst();

        jobs.report(JobEvents.ATTEMPT_STARTED, released);
        jobs.report(JobEvents.ATTEMPT_CONTINUED, released);
        jobs.report(JobEvents.ATTEMPT_PROGRESSED, released);
        jobs.report(JobEvents.ATTEMPT_SUCCEEDED, released);

        List<TestRecord<byte[], byte[]>> events = jobs.records("events");
        assertThat(events)
                .extracting(event -> Facts.header(event, "ce_type"))
                .containsExactly("job_scheduled", "job_started", "job_progressed", "job_succeeded");
        assertThat(events).extracting(event -> Facts.header(event, "ce_id")).doesNotHaveDuplicates();
        assertThat(events).allSatisfy(event -> assertThat(event.value())
                .isEqualTo(Json.write(JobHarness.read(event, JobChanged.class))));
        JobChanged ended = JobHarness.read(events.getLast(), JobChanged.class);
        assertThat(ended.job().state()).isEqualTo("succeeded");
        assertThat(ended.job().attempt()).isEqualTo(1);
        assertThat(ended.job().worker()).isEqualTo("worker-1");
        assertThat(ended.job().finishedAt()).isNotNull();
        assertThat(ended.result()).isEqualTo(Map.of("bytes", 7));
        assertThat(jobs.records("tailrace.channels.job")).hasSize(4);
    }

    @Test
    void a_heartbeat_that_wants_an_answer_renews_the_lease_and_is_told_how_the_job_stands() {
        UUID id = jobs.enqueue();
        JobReleased released = jobs.released().getFirst();
        jobs.report(JobEvents.ATTEMPT_STARTED, released);
        jobs.pass(JobHarness.LEASE.minusSeconds(1));
        jobs.report(JobEvents.ATTEMPT_CHECKED, released);
        jobs.pass(JobHarness.LEASE.minusSeconds(1));

        jobs.report(JobEvents.ATTEMPT_CHECKED, released);
        jobs.request(JobEvents.CANCEL_REQUESTED, id);
        jobs.report(JobEvents.ATTEMPT_CHECKED, released);

        assertThat(jobs.events())
                .containsExactly(
                        "job_scheduled ready",
                        "job_started running",
                        "job_command_answered existing",
                        "job_command_answered existing",
                        "job_cancelled cancelled",
                        "job_command_answered cancelled");
    }

    @Test
    void only_as_many_as_the_credit_allows_are_released_and_the_others_follow_by_their_priority() {
        UUID first = jobs.enqueue(priority(5), 1);
        UUID second = jobs.enqueue(priority(5), 2);
        jobs.enqueue(priority(1), 3);
        UUID urgent = jobs.enqueue(priority(9), 4);
        List<JobReleased> released = jobs.released();
        assertThat(released).extracting(JobReleased::id).containsExactly(first, second);

        jobs.report(JobEvents.ATTEMPT_STARTED, released.getFirst());

        assertThat(jobs.released()).extracting(JobReleased::id).containsExactly(urgent);
    }

    @Test
    void a_job_of_a_later_time_waits_for_it_also_over_a_restart() {
        UUID id = jobs.enqueue(spec("t", Facts.NOW.plusSeconds(10)), 1);
        assertThat(jobs.events()).containsExactly("job_scheduled scheduled");

        jobs.pass(Duration.ofMillis(9_900));
        jobs.restart();
        assertThat(jobs.released()).isEmpty();
        jobs.pass(Duration.ofMillis(200));

        assertThat(jobs.released()).extracting(JobReleased::id).containsExactly(id);
    }

    @Test
    void a_time_that_has_passed_is_now_and_one_in_the_year_9999_is_waited_for() {
        UUID past = jobs.enqueue(spec("t", Instant.parse("0001-01-01T00:00:00Z")), 1);
        UUID far = jobs.enqueue(spec("t", Instant.parse("9999-12-31T23:59:59Z")), 1);

        jobs.pass(Duration.ofDays(2));

        assertThat(jobs.released()).extracting(JobReleased::id).contains(past).doesNotContain(far);
        jobs.request(JobEvents.RUN_NOW_REQUESTED, far);
        assertThat(jobs.released()).extracting(JobReleased::id).contains(far);
    }

    @Test
    void a_failed_job_is_tried_again_and_is_dead_after_its_last_attempt() {
        UUID id = jobs.enqueue();
        for (int attempt = 1; attempt <= 3; attempt++) {
            JobReleased released = jobs.released().getFirst();
            assertThat(released.attempt()).isEqualTo(attempt);
            assertThat(released.lastAttempt()).isEqualTo(attempt == 3);
            jobs.report(JobEvents.ATTEMPT_STARTED, released);
            jobs.report(JobEvents.ATTEMPT_FAILED, released);
            jobs.pass(Duration.ofSeconds(11));
        }

        assertThat(jobs.events())
                .containsExactly(
                        "job_scheduled ready",
                        "job_started running",
                        "job_retrying retrying",
                        "job_started running",
                        "job_retrying retrying",
                        "job_started running",
                        "job_dead dead");
        assertThat(jobs.released()).isEmpty();
        jobs.request(JobEvents.RETRY_REQUESTED, id);
        assertThat(jobs.released()).singleElement().satisfies(released -> {
            assertThat(released.attempt()).isEqualTo(4);
            assertThat(released.lastAttempt()).isFalse();
            assertThat(released.payload()).isEqualTo(Map.of("width", 100));
        });
    }

    @Test
    void a_worker_that_is_silent_for_its_lease_has_failed_and_changes_nothing_when_it_comes_back() {
        jobs.enqueue();
        JobReleased frozen = jobs.released().getFirst();
        jobs.report(JobEvents.ATTEMPT_STARTED, frozen);
        jobs.pass(JobHarness.LEASE.minusSeconds(1));
        jobs.report(JobEvents.ATTEMPT_CONTINUED, frozen);
        jobs.pass(JobHarness.LEASE.minusSeconds(1));
        assertThat(jobs.events()).containsExactly("job_scheduled ready", "job_started running");

        jobs.pass(Duration.ofSeconds(2));
        jobs.pass(Duration.ofSeconds(2));
        jobs.report(JobEvents.ATTEMPT_SUCCEEDED, frozen);
        jobs.report(JobEvents.ATTEMPT_CONTINUED, frozen);

        assertThat(jobs.events())
                .containsExactly(
                        "job_retrying retrying",
                        "job_command_answered stale_token",
                        "job_command_answered stale_token");
        JobReleased again = jobs.released().getFirst();
        assertThat(again.token()).isEqualTo(frozen.token() + 1);
        jobs.report(JobEvents.ATTEMPT_STARTED, again);
        jobs.report(JobEvents.ATTEMPT_SUCCEEDED, again);
        assertThat(jobs.events()).containsExactly("job_started running", "job_succeeded succeeded");
    }

    @Test
    void a_running_job_that_is_cancelled_is_told_so_and_its_late_success_changes_nothing() {
        UUID id = jobs.enqueue();
        JobReleased released = jobs.released().getFirst();
        jobs.report(JobEvents.ATTEMPT_STARTED, released);

        jobs.request(JobEvents.CANCEL_REQUESTED, id);
        jobs.report(JobEvents.ATTEMPT_SUCCEEDED, released);

        assertThat(jobs.events())
                .containsExactly(
                        "job_scheduled ready",
                        "job_started running",
                        "job_cancelled cancelled",
                        "job_command_answered cancelled");
    }

    @Test
    void a_paused_queue_starts_nothing_that_is_released_already_and_goes_on_where_it_was() {
        UUID id = jobs.enqueue();
        JobReleased released = jobs.released().getFirst();

        jobs.limit(JobEvents.PAUSE_REQUESTED, null);
        jobs.report(JobEvents.ATTEMPT_STARTED, released);
        jobs.enqueue();
        assertThat(jobs.released()).isEmpty();
        jobs.limit(JobEvents.RESUME_REQUESTED, null);

        assertThat(jobs.released()).hasSize(2).first().satisfies(again -> assertThat(again.id())
                .isEqualTo(id));
        assertThat(jobs.events())
                .containsExactly(
                        "job_scheduled ready",
                        "queue_changed true",
                        "job_command_answered queue_paused",
                        "job_scheduled ready",
                        "queue_changed false");
    }

    @Test
    void a_command_that_comes_again_is_answered_and_changes_nothing_and_another_one_of_its_id_is_refused() {
        UUID id = jobs.nextId();
        JobEvents.EnqueueRequested request = new JobEvents.EnqueueRequested(id, "default", spec("t", null), 1);

        jobs.send("default", JobEvents.ENQUEUE_REQUESTED, request);
        jobs.send("default", JobEvents.ENQUEUE_REQUESTED, request);
        jobs.send(
                "default",
                JobEvents.ENQUEUE_REQUESTED,
                new JobEvents.EnqueueRequested(id, "default", spec("t", null), 2));

        assertThat(jobs.events())
                .containsExactly(
                        "job_scheduled ready", "job_command_answered repeated", "job_command_answered id_reused");
        assertThat(jobs.released()).hasSize(1);
    }

    @Test
    void one_of_two_jobs_with_a_unique_key_is_there_and_the_other_request_is_answered_with_it() {
        JobSpec unique = new JobSpec("t", 5, null, 0, "daily", 0, 1, 60, null, RetryPolicy.DEFAULT);
        jobs.enqueue(unique, 1);
        jobs.enqueue(unique, 2);
        JobReleased released = jobs.released().getFirst();
        jobs.report(JobEvents.ATTEMPT_STARTED, released);
        jobs.report(JobEvents.ATTEMPT_SUCCEEDED, released);
        jobs.enqueue(unique, 3);

        assertThat(jobs.events())
                .containsExactly(
                        "job_scheduled ready",
                        "job_command_answered existing",
                        "job_started running",
                        "job_succeeded succeeded",
                        "job_scheduled ready");
    }

    @Test
    void a_job_that_no_worker_takes_waits_and_is_released_again_under_another_token() {
        UUID id = jobs.enqueue();
        JobReleased first = jobs.released().getFirst();

        jobs.pass(Duration.ofMinutes(10).plusSeconds(1));

        JobReleased second = jobs.released().getFirst();
        assertThat(second.id()).isEqualTo(id);
        assertThat(second.attempt()).isEqualTo(1);
        assertThat(second.token()).isEqualTo(first.token() + 1);
        jobs.report(JobEvents.ATTEMPT_STARTED, first);
        jobs.report(JobEvents.ATTEMPT_STARTED, second);
        assertThat(jobs.events())
                .containsExactly("job_scheduled ready", "job_command_answered stale_token", "job_started running");
    }

    @Test
    void a_queue_that_is_not_declared_or_full_is_answered_so() {
        jobs.send("nowhere", JobEvents.PAUSE_REQUESTED, new JobEvents.QueueRequested(jobs.nextId(), "nowhere", null));
        for (int i = 0; i < 3; i++) {
            jobs.send(
                    "other",
                    JobEvents.ENQUEUE_REQUESTED,
                    new JobEvents.EnqueueRequested(jobs.nextId(), "other", spec("t", null), i));
        }

        assertThat(jobs.events())
                .containsExactly(
                        "job_command_answered unknown_queue",
                        "job_scheduled ready",
                        "job_scheduled ready",
                        "job_command_answered queue_full");
    }

    @Test
    void a_finished_job_leaves_the_store_after_some_time_and_the_clock_alone_writes_nothing_into_an_empty_one() {
        jobs.pass(Duration.ofSeconds(5));
        assertThat(entries()).isZero();
        UUID id = jobs.enqueue();
        JobReleased released = jobs.released().getFirst();
        jobs.report(JobEvents.ATTEMPT_STARTED, released);
        jobs.report(JobEvents.ATTEMPT_SUCCEEDED, released);

        jobs.pass(Duration.ofHours(1));
        jobs.pass(Duration.ofSeconds(1));

        assertThat(entries()).as("the queue and the clock").isEqualTo(2);
        jobs.events();
        jobs.request(JobEvents.RETRY_REQUESTED, id);
        assertThat(jobs.events()).containsExactly("job_command_answered unknown_job");
    }

    private int entries() {
        int entries = 0;
        try (KeyValueIterator<Bytes, byte[]> all = jobs.store().all()) {
            while (all.hasNext()) {
                all.next();
                entries++;
            }
        }
        return entries;
    }

    private static JobSpec priority(int priority) {
        return new JobSpec("t", priority, null, 0, null, 0, 1, 60, null, RetryPolicy.DEFAULT);
    }

    @Test
    void what_could_not_be_tried_waits_and_is_no_attempt() {
        UUID id = jobs.enqueue();
        for (int i = 1; i <= 5; i++) {
            JobReleased released = jobs.released().getFirst();
            assertThat(released.attempt()).isEqualTo(i);
            assertThat(released.lastAttempt()).as("of three").isFalse();
            jobs.report(JobEvents.ATTEMPT_STARTED, released);
            jobs.handBack(released, Duration.ofMinutes(1));
            jobs.pass(Duration.ofSeconds(59));
            assertThat(jobs.released()).isEmpty();
            jobs.pass(Duration.ofSeconds(2));
        }
        assertThat(jobs.released()).extracting(JobReleased::id).containsExactly(id);
    }

    @Test
    void everything_that_is_counted_is_a_metric() {
        jobs.request(JobEvents.CANCEL_REQUESTED, UUID.randomUUID());

        assertThat(jobs.harness().driver().metrics().keySet().stream()
                        .filter(name -> name.group().equals("stream-jobs-metrics"))
                        .map(MetricName::name)
                        .filter(name -> name.endsWith("-total")))
                .contains(
                        "scheduled-total",
                        "released-total",
                        "started-total",
                        "succeeded-total",
                        "retried-total",
                        "dead-total",
                        "cancelled-total",
                        "refused-total",
                        "skipped-total");
    }
}
