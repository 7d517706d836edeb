package io.tailrace.ingest.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.People;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestPostgres;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a second use of a refresh token gets: within the grace its successor again, afterwards the end of the family. */
@Tag("server")
class RefreshGraceTest {
    private static TestIngest otherNode;

    private final TestIngest server = TestIngest.shared();
    private final String email = People.freshEmail();
    private final String first = refreshToken(People.signedIn(server, email));

    @BeforeAll
    static void startAnotherNode() {
        otherNode = TestIngest.start(Map.of());
    }

    @AfterAll
    static void stopIt() {
        otherNode.close();
    }

    @Test
    void many_uses_at_once_through_two_nodes_get_one_successor() throws Exception {
        List<Callable<Http.Answer>> uses = new ArrayList<>();
        uses.addAll(Collections.nCopies(6, () -> refresh(server, first)));
        uses.addAll(Collections.nCopies(6, () -> refresh(otherNode, first)));
        List<Http.Answer> answers = new ArrayList<>();

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var future : threads.invokeAll(uses)) {
                answers.add(future.get());
            }
        }

        assertThat(answers).extracting(Http.Answer::status).containsOnly(200);
        assertThat(new TreeSet<>(
                        answers.stream().map(RefreshGraceTest::refreshToken).toList()))
                .hasSize(1);
        assertThat(rows("t.used_at is null")).isEqualTo(1);
        assertThat(answers)
                .allMatch(
                        answer -> server.with(answer.body().path("access_token").asText())
                                        .get("/feed")
                                        .status()
                                == 200);
    }

    @Test
    void a_second_use_within_the_grace_gives_the_same_successor_and_the_family_goes_on() {
        String second = refreshToken(refresh(server, first));

        Http.Answer again = refresh(otherNode, first);
        Http.Answer third = refresh(server, second);

        assertThat(refreshToken(again)).isEqualTo(second).isNotEqualTo(first);
        assertThat(third.status()).isEqualTo(200);
    }

    @Test
    void a_second_use_after_the_grace_ends_the_family_for_both() {
        String second = refreshToken(refresh(server, first));
        age("11 seconds");

        Http.Answer thief = refresh(server, first);
        Http.Answer owner = refresh(server, second);

        assertThat(thief.status()).isEqualTo(401);
        assertThat(owner.status()).isEqualTo(401);
    }

    @Test
    void a_second_use_does_not_lengthen_the_grace() {
        refresh(server, first);
        age("6 seconds");
        assertThat(refresh(server, first).status()).isEqualTo(200);
        age("6 seconds");

        assertThat(refresh(server, first).status()).isEqualTo(401);
    }

    @Test
    void after_signing_out_there_is_no_grace() {
        String second = refreshToken(refresh(server, first));
        server.anonymous().post("/auth/logout", "{\"refresh_token\": \"" + second + "\"}");

        assertThat(refresh(server, first).status()).isEqualTo(401);
        assertThat(refresh(server, second).status()).isEqualTo(401);
    }

    @Test
    void without_a_grace_the_second_use_ends_the_family() throws Exception {
        try (TestIngest strict = TestIngest.start(Map.of("tailrace.sessions.refresh-grace", "0s"))) {
            String second = refreshToken(refresh(strict, first));

            assertThat(rows("t.successor_salt is not null")).isZero();
            assertThat(refresh(strict, first).status()).isEqualTo(401);
            assertThat(refresh(strict, second).status()).isEqualTo(401);
        }
    }

    @Test
    void the_end_of_a_family_does_not_end_another_login() {
        String other = refreshToken(server.anonymous().post("/auth/login", People.login(email)));
        refresh(server, first);
        age("11 seconds");
        refresh(server, first);

        assertThat(refresh(server, other).status()).isEqualTo(200);
    }

    @Test
    void no_successor_is_in_the_database_and_its_salt_is_forgotten_after_the_grace() {
        String second = refreshToken(refresh(server, first));
        List<String> stored = TestPostgres.shared().column("select t::text from refresh_tokens t");
        assertThat(stored).isNotEmpty().noneMatch(row -> row.contains(first) || row.contains(second));
        assertThat(rows("t.successor_salt is not null")).isEqualTo(1);
        age("11 seconds");

        server.bean(Sessions.class).sweep();

        assertThat(rows("t.successor_salt is not null")).isZero();
    }

    private void age(String by) {
        TestPostgres.shared()
                .update(
                        "update refresh_tokens t set used_at = used_at - interval '" + by
                                + "' from accounts a where t.account_id = a.id and a.email = ?",
                        email);
    }

    private long rows(String condition) {
        return TestPostgres.shared()
                .column("select t.family::text from refresh_tokens t join accounts a on t.account_id = a.id"
                        + " where a.email = '" + email + "' and " + condition)
                .size();
    }

    private static Http.Answer refresh(TestIngest node, String token) {
        return node.anonymous().post("/auth/refresh", "{\"refresh_token\": \"" + token + "\"}");
    }

    private static String refreshToken(Http.Answer answer) {
        return answer.body().path("refresh_token").asText();
    }
}
