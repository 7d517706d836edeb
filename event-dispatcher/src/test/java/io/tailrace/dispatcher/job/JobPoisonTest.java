package io.tailrace.dispatcher.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.dispatcher.poison.DeadLetterForm;
import io.tailrace.dispatcher.testing.Facts;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be a command becomes a dead letter, and the next command is decided. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JobPoisonTest {
    private static final String SPEC =
            "'type':'t','priority':5,'max_attempts':1,'timeout_seconds':1,'retry':{'first_delay_ms':1,'longest_delay_ms':1,'give_up_on':[]}";

    private final JobHarness jobs = new JobHarness(2);

    @BeforeAll
    void look() {
        assertThat(jobs.events()).isEmpty();
    }

    @AfterAll
    void close() {
        jobs.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "job_enqueue_requested|{ID,'payload':1}|value",
                "job_enqueue_requested|{ID,'job':{SPEC,'priority':10},'payload':1}|value",
                "job_enqueue_requested|{ID,'job':{SPEC,'max_attempts':0},'payload':1}|value",
                "job_enqueue_requested|{ID,'job':{SPEC,'retry':null},'payload':1}|value",
                "job_enqueue_requested|{ID,'job':{SPEC,'type':null},'payload':1}|value",
                "job_enqueue_requested|{ID,'job':{SPEC,'type':'No such'},'payload':1}|value",
                "job_enqueue_requested|{ID,'job':{SPEC,'run_at':'+10000-01-01T00:00:00Z'},'payload':1}|value",
                "job_enqueue_requested|{ID,'job':{SPEC,'run_at':'tomorrow'},'payload':1}|value",
                "job_enqueue_requested|{'command_id':'00000000-0000-0000-0000-000000000000','queue':'default','job':{SPEC}}|value",
                "job_enqueue_requested|{'queue':'default','job':{SPEC},'payload':1}|value",
                "job_enqueue_requested|{ID,'job':{SPEC},'payload':1,'schedule':{'name':'No name'}}|value",
                "job_cancel_requested|{ID}|value",
                "job_attempt_started|{ID,'job_id':'0197a000-0000-7000-8000-000000000001','token':1}|value",
                "job_attempt_failed|{ID,'job_id':'0197a000-0000-7000-8000-000000000001','token':1}|value",
                "job_attempt_failed|{ID,'job_id':'0197a000-0000-7000-8000-000000000001','token':1,'error':{'type':'e','message':'m'},'retry_after_ms':-1}|value",
                "job_attempt_progressed|{ID,'job_id':'0197a000-0000-7000-8000-000000000001','token':1,'progress':{'fraction':2}}|value",
                "job_attempt_succeeded|{ID,'job_id':'0197a000-0000-7000-8000-000000000001','token':'first'}|value",
                "queue_limits_requested|{ID,'limits':{'concurrency':-1}}|value",
                "queue_pause_requested|{'command_id':'0197a000-0000-7000-8000-000000000001','queue':'No queue'}|value",
                "queue_pause_requested|{'command_id':'0197a000-0000-7000-8000-000000000001','queue':'other'}|key",
                "job_enqueue_requested|[]|value",
                "job_enqueue_requested|null|value",
                "job_stolen|{}|unknown_type"
            })
    void a_command_that_cannot_be_one(String type, String json, String kind) {
        String data = json.replace("ID", "'command_id':'" + UUID.randomUUID() + "','queue':'default'")
                .replace("SPEC", SPEC)
                .replace('\'', '"');

        jobs.input(
                "default", new Event(UUID.randomUUID().toString(), type, "/test", Facts.NOW, null, Facts.bytes(data)));

        assertThat(jobs.harness().deadLetters()).singleElement().satisfies(letter -> assertThat(
                        Facts.header(letter, DeadLetterForm.HEADER_KIND))
                .isEqualTo(kind));
        assertThat(jobs.events()).isEmpty();
        jobs.enqueue();
        assertThat(jobs.events()).containsExactly("job_scheduled ready");
    }

    @Test
    void a_payload_or_a_unique_key_that_is_too_long() {
        jobs.enqueue(JobHarness.spec("t", null), "x".repeat(JobSpec.MAX_PAYLOAD_BYTES - 1));
        assertThat(jobs.harness().deadLetters()).singleElement().satisfies(letter -> assertThat(
                        Facts.header(letter, DeadLetterForm.HEADER_KIND))
                .isEqualTo("too_large"));
        String unique = "{'command_id':'" + UUID.randomUUID() + "','queue':'default','job':{" + SPEC + ",'unique_key':'"
                + "k".repeat(10_240) + "'},'payload':1}";
        jobs.input(
                "default",
                new Event(
                        UUID.randomUUID().toString(),
                        JobEvents.ENQUEUE_REQUESTED,
                        "/test",
                        Facts.NOW,
                        null,
                        Facts.bytes(unique.replace('\'', '"'))));
        assertThat(jobs.harness().deadLetters()).singleElement().satisfies(letter -> assertThat(
                        Facts.header(letter, DeadLetterForm.HEADER_KIND))
                .isEqualTo("value"));
        assertThat(jobs.events()).isEmpty();
    }

    @Test
    void the_longest_payload_is_taken() {
        jobs.enqueue(JobHarness.spec("t", null), "x".repeat(JobSpec.MAX_PAYLOAD_BYTES - 2));

        assertThat(jobs.events()).containsExactly("job_scheduled ready");
    }
}
