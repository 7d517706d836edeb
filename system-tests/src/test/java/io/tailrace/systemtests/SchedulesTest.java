package io.tailrace.systemtests;

import static io.tailrace.systemtests.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.SharedPlatform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A schedule from the request that sets it to the jobs that it enqueues, on everything that {@code up} starts. */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class SchedulesTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static Api api;

    @BeforeAll
    static void signIn(Platform shared) throws Exception {
        api = new Api(shared.origin(), shared.token("olga", "--role", "operator"));
    }

    @Test
    void a_schedule_enqueues_jobs_until_it_is_deleted_and_skips_those_that_would_overlap() throws Exception {
        set("every-second", "allow");
        set("one-at-a-time", "skip");

        eventually(
                "three jobs of one schedule", LIMIT, () -> jobs("every-second").size() >= 3);
        eventually("one job of the other", LIMIT, () -> !jobs("one-at-a-time").isEmpty());

        JsonNode read = api.call("GET", "/schedules/every-second", null).json();
        assertThat(read.path("next")).hasSize(5);
        Api.Answer run = api.call("POST", "/schedules/one-at-a-time/run-now", null);
        assertThat(run.status()).isEqualTo(200);
        for (String name : List.of("every-second", "one-at-a-time")) {
            assertThat(api.call("DELETE", "/schedules/" + name, null).status()).isEqualTo(204);
            assertThat(api.call("GET", "/schedules/" + name, null).status()).isEqualTo(404);
        }
        assertThat(jobs("one-at-a-time")).hasSize(1);
        for (String name : List.of("every-second", "one-at-a-time")) {
            for (String id : jobs(name)) {
                var unused = api.call("POST", "/jobs/" + id + "/cancel", null);
            }
        }
    }

    /** All services share a process here, and with it the beans of Micronaut Data, which the module tests of jobs do not have. */
    @ParameterizedTest
    @ValueSource(strings = {"sessions", "uploads"})
    void a_job_of_a_system_schedule_reaches_the_database(String what) throws Exception {
        String id = api.mustWrite("POST", "/jobs", Map.of("type", "forget", "payload", Map.of("what", what)))
                .path("id")
                .asText();

        eventually("the job has succeeded", LIMIT, () -> api.call("GET", "/jobs/" + id, null)
                .json()
                .path("state")
                .asText()
                .equals("succeeded"));
    }

    private static void set(String name, String overlap) throws Exception {
        Map<String, Object> schedule = Map.of(
                "cron",
                "* * * * * *",
                "time_zone",
                "Europe/Berlin",
                "type",
                "webhook",
                "payload",
                Map.of("url", "https://example.org/" + name, "event", Map.of("type", "tick")),
                "queue",
                "default",
                "overlap",
                overlap);
        JsonNode answer = api.mustWrite("PUT", "/schedules/" + name, schedule);
        assertThat(answer.path("name").asText()).isEqualTo(name);
    }

    /** The jobs of a schedule, by what they are to do. */
    private static List<String> jobs(String name) throws Exception {
        List<String> ids = new ArrayList<>();
        for (JsonNode job : api.call("GET", "/jobs?queue=default&type=webhook&limit=200", null)
                .json()
                .path("jobs")) {
            JsonNode whole =
                    api.call("GET", "/jobs/" + job.path("id").asText(), null).json();
            if (whole.path("payload").path("url").asText().endsWith("/" + name)) {
                ids.add(job.path("id").asText());
            }
        }
        return ids;
    }
}
