package io.tailrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.client.PythonTests;
import io.tailrace.systemtests.platform.AnswersStandIn;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.SharedPlatform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The tests of {@code clients/python} and its examples, with the pinned packages of its lock, against this Tailrace. */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class PythonClientTest {
    @Test
    @Timeout(value = 18, unit = TimeUnit.MINUTES)
    void the_python_client_keeps_its_promises_against_a_real_tailrace(Platform platform) throws Exception {
        List<String> grants = new ArrayList<>(List.of("--publish", "news:*"));
        for (String pattern : List.of("logs:*:*", "workflows:*:*", "alerts:*", "metrics:*")) {
            grants.addAll(List.of("--publish", pattern, "--subscribe", pattern));
        }
        grants.addAll(List.of("--job", "webhook", "--role", "worker", "--job", "py.*"));
        String token = platform.token("python-tests", grants.toArray(String[]::new));

        // Files and answers are for people with an account.
        Map<String, String> environment = Map.of(
                "TAILRACE_URL",
                platform.origin(),
                "TAILRACE_TOKEN",
                token,
                "TAILRACE_PERSON_TOKEN",
                platform.token(UUID.randomUUID().toString()),
                "TAILRACE_MODEL",
                AnswersStandIn.MODEL);
        for (PythonTests.Outcome outcome : PythonTests.run(environment)) {
            System.out.println(outcome.lastLine());
            assertThat(outcome.exitCode()).as(outcome.output()).isZero();
            assertThat(outcome.lastLine()).contains("passed").doesNotContain("skipped");
        }
    }
}
