package io.tailrace.dispatcher.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobEvents.CommandAnswered;
import io.tailrace.contracts.job.JobEvents.JobReleased;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.contracts.job.RetryPolicy;
import io.tailrace.dispatcher.testing.Facts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A job of a person who is erased is in the store no longer. */
class JobErasureTest {
    private static final String ADDRESS = "ada@example.org";

    private final JobHarness jobs = new JobHarness(1);

    @AfterEach
    void close() {
        assertThat(jobs.harness().deadLetters()).isEmpty();
        jobs.close();
    }

    @Test
    void a_job_that_was_cancelled_is_forgotten_with_its_payload_and_its_keys() {
        UUID other = job("grace@example.org");
        UUID id = job(ADDRESS);
        assertThat(stored()).contains(ADDRESS);

        jobs.request(JobEvents.CANCEL_REQUESTED, id);
        assertThat(stored()).contains(ADDRESS);
        jobs.request(JobEvents.ERASE_REQUESTED, id);
        jobs.request(JobEvents.RETRY_REQUESTED, id);

        assertThat(stored()).doesNotContain(ADDRESS);
        assertThat(jobs.events())
                .containsExactly(
                        "job_scheduled ready",
                        "job_scheduled ready",
                        "job_cancelled cancelled",
                        "job_command_answered existing",
                        "job_command_answered unknown_job");
        assertThat(jobs.released()).extracting(JobReleased::id).containsExactly(other);
        jobs.pass(Duration.ofHours(2));
        assertThat(jobs.events()).as("nothing comes of it later").isEmpty();
    }

    @Test
    void one_that_goes_on_is_not_erased() {
        UUID id = job(ADDRESS);

        jobs.request(JobEvents.ERASE_REQUESTED, id);

        assertThat(jobs.events()).last().isEqualTo("job_command_answered wrong_state");
        assertThat(jobs.released()).extracting(JobReleased::id).containsExactly(id);
    }

    @Test
    void one_whose_worker_still_has_it_loses_its_payload_and_its_unique_key_at_once_and_the_rest_with_its_worker() {
        UUID id = job(ADDRESS);
        JobReleased released = jobs.released().getFirst();
        jobs.report(JobEvents.ATTEMPT_STARTED, released);
        jobs.request(JobEvents.CANCEL_REQUESTED, id);
        jobs.events();

        jobs.request(JobEvents.ERASE_REQUESTED, id);
        assertThat(stored()).doesNotContain("\"to\"");
        UUID next = job(ADDRESS);
        assertThat(jobs.released())
                .as("its unique key, which it would have for an hour, is free")
                .extracting(JobReleased::id)
                .containsExactly(next);
        jobs.report(JobEvents.ATTEMPT_SUCCEEDED, released);
        jobs.request(JobEvents.RETRY_REQUESTED, id);

        assertThat(jobs.events())
                .containsExactly(
                        "job_command_answered existing",
                        "job_scheduled ready",
                        "job_command_answered cancelled",
                        "job_command_answered unknown_job");
    }

    @Test
    void one_whose_worker_is_silent_is_forgotten_when_its_lease_has_run_out() {
        UUID id = job(ADDRESS);
        jobs.report(JobEvents.ATTEMPT_STARTED, jobs.released().getFirst());
        jobs.request(JobEvents.CANCEL_REQUESTED, id);
        jobs.request(JobEvents.ERASE_REQUESTED, id);

        jobs.pass(JobHarness.LEASE.plusSeconds(1));

        assertThat(stored()).doesNotContain(ADDRESS);
    }

    @Test
    void a_dead_one_is_forgotten_and_the_answer_does_not_name_its_keys() {
        UUID id = job(ADDRESS);
        for (int attempt = 1; attempt <= 3; attempt++) {
            JobReleased released = jobs.released().getFirst();
            jobs.report(JobEvents.ATTEMPT_STARTED, released);
            jobs.report(JobEvents.ATTEMPT_FAILED, released);
            jobs.pass(Duration.ofSeconds(20));
        }
        assertThat(jobs.events()).last().isEqualTo("job_dead dead");
        assertThat(stored()).contains(ADDRESS);

        jobs.request(JobEvents.ERASE_REQUESTED, id);

        assertThat(stored()).doesNotContain(ADDRESS);
        assertThat(jobs.records("events")).singleElement().satisfies(answer -> {
            CommandAnswered erased = JobHarness.read(answer, CommandAnswered.class);
            assertThat(erased.accepted()).isTrue();
            assertThat(erased.job()).isNull();
            assertThat(Facts.text(answer.value())).doesNotContain(ADDRESS);
        });
    }

    @Test
    void one_that_is_not_there_is_answered_so_and_a_restart_does_not_bring_it_back() {
        UUID id = job(ADDRESS);
        jobs.request(JobEvents.CANCEL_REQUESTED, id);
        jobs.request(JobEvents.ERASE_REQUESTED, id);
        jobs.restart();

        jobs.request(JobEvents.ERASE_REQUESTED, id);

        assertThat(jobs.events()).containsExactly("job_command_answered unknown_job");
        assertThat(stored()).doesNotContain(ADDRESS);
    }

    private UUID job(String address) {
        RetryPolicy retry = new RetryPolicy(1_000, 10_000, List.of());
        JobSpec spec = new JobSpec("email", 5, null, 0, "welcome " + address, 3_600, 3, 60, null, retry);
        return jobs.enqueue(spec, Map.of("to", address));
    }

    /** Keys and values of the whole store, one character for each byte. */
    private String stored() {
        List<String> all = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> entries = jobs.store().all()) {
            while (entries.hasNext()) {
                KeyValue<Bytes, byte[]> entry = entries.next();
                all.add(new String(entry.key.get(), StandardCharsets.ISO_8859_1));
                all.add(new String(entry.value, StandardCharsets.ISO_8859_1));
            }
        }
        return String.join("\n", all);
    }
}
