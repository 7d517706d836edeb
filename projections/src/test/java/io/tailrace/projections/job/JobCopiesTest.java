package io.tailrace.projections.job;

import static io.tailrace.projections.job.JobEventsOfTests.changed;
import static io.tailrace.projections.job.JobEventsOfTests.enqueued;
import static io.tailrace.projections.job.JobEventsOfTests.failed;
import static io.tailrace.projections.job.JobEventsOfTests.view;
import static io.tailrace.projections.testing.RunningProjections.publish;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.backends.Eventually;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobEvents.JobLogged;
import io.tailrace.contracts.job.JobLogLine;
import io.tailrace.contracts.job.JobState;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.projections.testing.RunningProjections;
import io.tailrace.projections.testing.TestBroker;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class JobCopiesTest {
    private static RunningProjections projections;

    @BeforeAll
    static void start() {
        projections = new RunningProjections(Map.of());
    }

    @AfterAll
    static void stop() {
        projections.close();
    }

    @Test
    void copies_a_job_through_its_states_and_goes_on_after_what_is_none() {
        UUID id = UUID.randomUUID();
        String queue = "q-" + id.toString().substring(0, 8);
        publish(
                Topics.JOB_EVENTS,
                queue,
                JobEvents.JOB_SCHEDULED,
                enqueued(view(queue, id, JobState.READY, 0), Map.of("to", "a\0b")));
        publish(Topics.JOB_EVENTS, queue, JobEvents.JOB_STARTED, Map.of("job", Map.of("queue", queue)));
        publish(Topics.JOB_EVENTS, queue, JobEvents.COMMAND_ANSWERED, Map.of());
        publish(Topics.JOB_EVENTS, queue, JobEvents.JOB_STARTED, changed(view(queue, id, JobState.RUNNING, 1)));

        projections.eventually(
                "select state, worker, payload from jobs where id = '" + id + "'", "running|w1|{\"to\":\"a\\u0000b\"}");
        projections.eventually(
                "select state, jobs from job_counts where queue = '" + queue + "' and jobs <> 0", "running|1");
        Eventually.holds("a dead letter", () -> TestBroker.shared().records(Topics.DEAD_LETTERS).stream()
                .map(JobCopiesTest::reason)
                .anyMatch("job.id: missing"::equals));
    }

    @Test
    void the_sizes_of_a_queue_are_told_on_its_channel_after_they_have_changed() {
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();
        String queue = "counted-" + first.toString().substring(0, 8);
        publish(
                Topics.JOB_EVENTS,
                queue,
                JobEvents.JOB_SCHEDULED,
                enqueued(view(queue, first, JobState.READY, 0), Map.of()));
        publish(
                Topics.JOB_EVENTS,
                queue,
                JobEvents.JOB_SCHEDULED,
                enqueued(view(queue, second, JobState.READY, 0), Map.of()));
        Eventually.holds("two are ready", () -> lastSizes(queue).contains("\"ready\":2,\"running\":0"));

        publish(Topics.JOB_EVENTS, queue, JobEvents.JOB_DEAD, failed(view(queue, first, JobState.DEAD, 1), "io", "x"));

        Eventually.holds("one is dead", () -> lastSizes(queue).contains("\"ready\":1"));
        String told = lastSizes(queue);
        assertThat(told)
                .contains(
                        "\"queue\":\"" + queue + "\"",
                        "\"dead\":1",
                        "\"oldest_waiting_at\":\"" + JobEventsOfTests.AT + "\"");
        Eventually.holds(
                "gauges", () -> projections
                        .bean(MeterRegistry.class)
                        .find("tailrace.jobs.size")
                        .tags("queue", queue, "state", "dead")
                        .gauges()
                        .stream()
                        .anyMatch(gauge -> gauge.value() == 1));
        // What was long ago is no news.
        assertThat(projections
                        .bean(MeterRegistry.class)
                        .find("tailrace.jobs.events")
                        .tags("queue", queue)
                        .counters())
                .isEmpty();
    }

    @Test
    void what_handlers_log_is_copied_once_and_what_is_none_is_a_dead_letter() {
        UUID id = UUID.randomUUID();
        JobLogged first = logged(id, 0, new JobLogLine(1, JobEventsOfTests.AT, "info", "a\0b"));
        publish(Topics.JOB_LOGS, id.toString(), JobEvents.JOB_LOGGED, first);
        publish(Topics.JOB_LOGS, id.toString(), JobEvents.JOB_LOGGED, first);
        publish(
                Topics.JOB_LOGS,
                id.toString(),
                JobEvents.JOB_LOGGED,
                Map.of(
                        "job_id",
                        id,
                        "attempt",
                        1,
                        "dropped",
                        0,
                        "lines",
                        List.of(Map.of("line", 501, "at", JobEventsOfTests.AT, "level", "info", "text", "x"))));
        publish(Topics.JOB_LOGS, id.toString(), JobEvents.JOB_LOGGED, logged(UUID.randomUUID(), 0));
        publish(
                Topics.JOB_LOGS,
                id.toString(),
                JobEvents.JOB_LOGGED,
                logged(id, 9, new JobLogLine(2, JobEventsOfTests.AT, "warn", "last")));
        publish(Topics.JOB_LOGS, id.toString(), JobEvents.JOB_LOGGED, logged(id, 3));

        projections.eventually("select dropped from job_log_drops where job_id = '" + id + "'", "9");
        projections.eventually(
                "select string_agg(attempt || ' ' || line || ' ' || level || ' ' || text, ', ' order by line)"
                        + " from job_log_lines where job_id = '" + id + "'",
                "1 1 info a\ufffdb, 1 2 warn last");
        Eventually.holds(
                "dead letters",
                () -> TestBroker.shared().records(Topics.DEAD_LETTERS).stream()
                                .map(JobCopiesTest::reason)
                                .filter(reason -> reason.contains("line: 501") || reason.startsWith("job_id: "))
                                .count()
                        >= 2);
    }

    private static JobLogged logged(UUID id, int dropped, JobLogLine... lines) {
        return new JobLogged(id, 1, List.of(lines), dropped);
    }

    private static String lastSizes(String queue) {
        String last = "";
        for (ConsumerRecord<byte[], byte[]> record : TestBroker.shared().records("tailrace.channels.jobs")) {
            if (new String(record.key(), StandardCharsets.UTF_8).equals("jobs:" + queue)) {
                last = new String(record.value(), StandardCharsets.UTF_8);
            }
        }
        return last;
    }

    private static String reason(ConsumerRecord<byte[], byte[]> letter) {
        return new String(letter.headers().lastHeader("dead_letter_reason").value(), StandardCharsets.UTF_8);
    }
}
