package io.tailrace.ingest.erasure.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.People;
import io.tailrace.ingest.testing.Projections;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code ./tailrace erase} as a process of its own, beside a running service. */
@Tag("server")
class EraseCommandTest {
    private static final TestPostgres DATABASE = TestPostgres.create();
    private static final Map<String, Object> SETTINGS = Map.of(
            "tailrace.postgres.url", DATABASE.url(),
            "tailrace.kafka.compaction-lag", "1s",
            "tailrace.erasures.poll-interval", "100ms");
    private static final TestIngest SERVER = TestIngest.start(SETTINGS);

    private static final long LIMIT_S = 120;

    private record Run(int status, String out) {}

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void it_finds_a_person_who_is_there_and_erases_them_and_says_so() throws Exception {
        String email = People.freshEmail();
        Http http = SERVER.with(
                People.signedIn(SERVER, email).body().path("access_token").asText());
        Eventually.holds(
                "a post is taken",
                () -> http.post("/posts", "{\"text\": \"still here\"}").status() == 201);
        String person = DATABASE.column("select id from accounts where email = ?", email)
                .getFirst();

        Run before = erase(person, "--check", "--contains", email, "--contains", "still here");

        assertThat(before.status()).as(before.out()).isEqualTo(1);
        assertThat(before.out())
                .contains("FOUND:  table accounts: 1 rows with a text")
                .contains("FOUND:  topic tailrace.posts: 1 records with a text")
                .contains("something is left of " + person);

        Projections.allCatchUp(SERVER, DATABASE);
        Run erased = erase(person);

        assertThat(erased.status()).as(erased.out()).isZero();
        assertThat(erased.out()).contains("gone from every copy");
        assertThat(SERVER.anonymous().post("/auth/login", People.login(email)).status())
                .isEqualTo(401);
        assertThat(DATABASE.column("select 1 from accounts where id = ?", UUID.fromString(person)))
                .isEmpty();
    }

    @Test
    void nothing_is_left_of_somebody_who_was_never_there() throws Exception {
        String nobody = UUID.randomUUID().toString();

        Run check = erase(nobody, "--check");

        assertThat(check.status()).as(check.out()).isZero();
        assertThat(check.out()).contains("nothing is left of " + nobody);
    }

    @Test
    void wrong_words_are_told_how_it_is_used() throws Exception {
        assertThat(erase().status()).isEqualTo(2);
        assertThat(erase("42", "--check").out()).contains("usage:");
        assertThat(erase(UUID.randomUUID().toString(), "--contains", "x").status())
                .isEqualTo(2);
    }

    private static Run erase(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path", "")));
        TestIngest.settings(SETTINGS).forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.add(EraseMain.class.getName());
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        // One that hangs is a failure and not a test that never ends.
        CompletableFuture.delayedExecutor(LIMIT_S, TimeUnit.SECONDS).execute(process::destroyForcibly);
        try {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Run(process.waitFor(), out);
        } finally {
            process.destroyForcibly();
        }
    }
}
