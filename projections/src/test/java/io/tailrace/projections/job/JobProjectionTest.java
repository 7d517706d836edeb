package io.tailrace.projections.job;

import static io.tailrace.projections.job.JobEventsOfTests.AT;
import static io.tailrace.projections.job.JobEventsOfTests.changed;
import static io.tailrace.projections.job.JobEventsOfTests.enqueued;
import static io.tailrace.projections.job.JobEventsOfTests.failed;
import static io.tailrace.projections.job.JobEventsOfTests.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobError;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobEvents.JobView;
import io.tailrace.contracts.job.JobEvents.QueueChanged;
import io.tailrace.contracts.job.JobState;
import io.tailrace.contracts.job.QueueLimits;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobProjectionTest {
    private static final UUID ID = UUID.fromString("01890000-0000-7000-8000-00000000000a");

    private final JobProjection projection = new JobProjection();

    @Test
    void a_new_job_is_read_with_its_payload_as_json() {
        JobView view = view(ID, JobState.READY, 0);

        ParsedRecord<JobChange> reading = read(JobEvents.JOB_SCHEDULED, enqueued(view, Map.of("to", "Ä@example.org")));

        assertThat(reading)
                .isEqualTo(happened(new JobEvent(
                        JobEvent.Kind.SCHEDULED, view, true, AT, "{\"to\":\"Ä@example.org\"}", null, null, null)));
    }

    @Test
    void what_no_store_can_keep_of_an_error_is_replaced_so_that_the_state_is_kept() {
        JobView view = view(ID, JobState.DEAD, 3);

        ParsedRecord<JobChange> reading = read(JobEvents.JOB_DEAD, failed(view, "a\0b", "c\0d"));

        assertThat(reading)
                .isEqualTo(happened(new JobEvent(
                        JobEvent.Kind.DEAD, view, false, AT, null, null, new JobError("a\ufffdb", "c\ufffdd"), null)));
    }

    @Test
    void a_queue_is_read_with_its_limits() {
        QueueChanged queue = new QueueChanged("default", true, new QueueLimits(5, 0.5, 0, 0), UUID.randomUUID());

        assertThat(read(JobEvents.QUEUE_CHANGED, queue))
                .isEqualTo(new ParsedRecord.Changes<JobChange>(new JobChange.Queue(queue, AT)));
    }

    @Test
    void answers_and_types_of_a_later_version_are_ignored() {
        assertThat(read(JobEvents.COMMAND_ANSWERED, Map.of())).isEqualTo(new ParsedRecord.Ignored<>());
        assertThat(read("job_moved", Map.of())).isEqualTo(new ParsedRecord.Ignored<>());
    }

    @Test
    void a_record_without_a_value_is_poison() {
        assertThat(projection.read(new LogEntry.Tombstone("default"))).isInstanceOf(ParsedRecord.Poison.class);
    }

    @Test
    void a_job_of_another_queue_than_the_key_says_is_poison() {
        assertThat(read(JobEvents.JOB_STARTED, changed(view("other", ID, JobState.RUNNING, 1))))
                .isEqualTo(new ParsedRecord.Poison<>("job.queue: other, expected what the key says"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
                    job_started | {} | job: missing
                    job_started | {"job":{}} | job.id: missing
                    job_started | {"job":{"id":"01890000-0000-7000-8000-00000000000a"}} | job.queue: missing
                    queue_changed | {"queue":"default"} | limits: missing
                    """)
    void what_is_no_event_of_a_job_is_poison_with_its_reason(String type, String json, String reason) {
        assertThat(projection.read(fact(type, json.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(new ParsedRecord.Poison<>(reason));
    }

    private ParsedRecord<JobChange> read(String type, Object payload) {
        return projection.read(fact(type, Json.write(payload)));
    }

    private static ParsedRecord<JobChange> happened(JobEvent event) {
        return new ParsedRecord.Changes<>(new JobChange.Happened(event));
    }

    private static LogEntry fact(String type, byte[] data) {
        return new LogEntry.Fact("default", new Event("e1", type, "/test", AT, null, data));
    }
}
