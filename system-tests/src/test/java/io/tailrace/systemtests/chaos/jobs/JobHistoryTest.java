package io.tailrace.systemtests.chaos.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The checker of the fault run is shown each fault that it has to find. */
class JobHistoryTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JobHistory history = new JobHistory();

    @Test
    void two_attempts_with_an_outcome_each_are_right() throws Exception {
        enqueued("a");
        started("a", 1);
        retrying("a", 1, "lease_expired");
        started("a", 3);
        succeeded("a", 3);
        history.end(Set.of("a"));

        assertThat(history.faults()).isEmpty();
        assertThat(history.attempts()).isEqualTo(2);
        assertThat(history.outcomes()).isEqualTo(Map.of("lease_expired", 1L, "succeeded", 1L));
        assertThat(history.succeeded(Set.of("a", "b"))).isEqualTo(1);
    }

    @Test
    void a_second_outcome_of_an_attempt_is_wrong() throws Exception {
        enqueued("a");
        started("a", 1);
        retrying("a", 1, "lease_expired");
        succeeded("a", 1);

        assertThat(history.faults()).singleElement().asString().contains("succeeded of no attempt that runs");
    }

    @Test
    void an_outcome_that_was_reported_under_the_token_of_another_attempt_is_wrong_in_whatever_order_it_is_read()
            throws Exception {
        String event = "{\"job\":{\"id\":\"a\"},\"command_id\":\"%s\",\"token\":2}";
        enqueued("a");
        started("a", 1);
        retrying("a", 1, "lease_expired");
        started("a", 2);
        history.command("job_attempt_progressed", JSON.readTree("{\"command_id\":\"own\",\"token\":2}"));
        history.see("job_progressed", JSON.readTree(event.formatted("own")));
        assertThat(history.faults()).isEmpty();

        history.see("job_progressed", JSON.readTree(event.formatted("frozen")));
        history.command("job_attempt_progressed", JSON.readTree("{\"command_id\":\"frozen\",\"token\":1}"));
        history.command("job_attempt_succeeded", JSON.readTree("{\"command_id\":\"late\",\"token\":1}"));
        history.see("job_succeeded", JSON.readTree(event.formatted("late")));

        assertThat(history.faults()).hasSize(2).allSatisfy(fault -> assertThat(fault)
                .contains("was reported under the token 1 and changed the attempt of the token 2"));
    }

    @Test
    void an_outcome_after_the_end_is_wrong() throws Exception {
        enqueued("a");
        started("a", 1);
        succeeded("a", 1);
        retrying("a", 1, "http_500");

        assertThat(history.faults()).anySatisfy(fault -> assertThat(fault)
                .contains("has the outcome http_500 after it was over: succeeded"));
    }

    @Test
    void an_attempt_after_the_end_is_wrong() throws Exception {
        enqueued("a");
        started("a", 1);
        succeeded("a", 1);
        started("a", 2);

        assertThat(history.faults()).singleElement().asString().contains("begins an attempt after it was over");
    }

    @Test
    void an_outcome_under_the_token_of_an_earlier_attempt_is_wrong() throws Exception {
        enqueued("a");
        started("a", 1);
        retrying("a", 1, "lease_expired");
        started("a", 2);
        succeeded("a", 1);

        assertThat(history.faults()).singleElement().asString().contains("of the token 1, and 2 runs");
    }

    @Test
    void two_attempts_at_a_time_and_a_token_that_comes_again_are_wrong() throws Exception {
        enqueued("a");
        started("a", 2);
        started("a", 2);

        assertThat(history.faults()).hasSize(2);
        assertThat(history.faultCount()).isEqualTo(2);
    }

    @Test
    void a_job_that_is_there_twice_or_was_never_enqueued_is_wrong() throws Exception {
        enqueued("a");
        enqueued("a");
        started("b", 1);

        assertThat(history.faults())
                .containsExactly("job a was enqueued twice", "job b has a history before it was enqueued");
    }

    @Test
    void a_job_that_waits_runs_or_is_dead_at_the_end_and_one_that_is_unknown_are_wrong() throws Exception {
        enqueued("waits");
        enqueued("runs");
        started("runs", 1);
        enqueued("dead");
        started("dead", 1);
        see("job_dead", "dead", 1, ",\"error\":{\"type\":\"http_410\"}");
        enqueued("untold");
        history.end(Set.of("waits", "runs", "dead", "lost"));

        assertThat(history.faults())
                .containsExactlyInAnyOrder(
                        "job waits did not succeed; it waits",
                        "job runs did not succeed; it runs",
                        "job dead did not succeed; it ended with http_410",
                        "job lost was acknowledged and is not in the log",
                        "job untold was enqueued and nobody was told");
    }

    @Test
    void refused_commands_are_counted_and_change_nothing() throws Exception {
        enqueued("a");
        history.see(
                "job_command_answered",
                JSON.readTree("{\"accepted\":false,\"reason\":\"stale_token\",\"job\":{\"id\":\"a\"}}"));
        started("a", 1);
        succeeded("a", 1);
        history.end(Set.of("a"));

        assertThat(history.faults()).isEmpty();
        assertThat(history.refusals()).isEqualTo(Map.of("stale_token", 1L));
    }

    private void enqueued(String job) throws JsonProcessingException {
        see("job_scheduled", job, 0, ",\"payload\":{}");
    }

    private void started(String job, long token) throws JsonProcessingException {
        see("job_started", job, token, "");
    }

    private void retrying(String job, long token, String error) throws JsonProcessingException {
        see("job_retrying", job, token, ",\"error\":{\"type\":\"" + error + "\"}");
    }

    private void succeeded(String job, long token) throws JsonProcessingException {
        see("job_succeeded", job, token, "");
    }

    private void see(String type, String job, long token, String more) throws JsonProcessingException {
        history.see(type, JSON.readTree("{\"job\":{\"id\":\"" + job + "\"},\"token\":" + token + more + "}"));
    }
}
