package io.tailrace.ingest.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.TestRedis;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.People;
import io.tailrace.ingest.testing.TestIngest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Pauses are long in here, so that no test depends on how fast it runs. */
@Tag("server")
class SignInAttemptsTest {
    private static final int PER_PAIR = 3;
    private static final int PER_ADDRESS = 6;
    private static final int PER_ACCOUNT = 8;
    private static final AtomicInteger ADDRESSES = new AtomicInteger();
    private static TestIngest server;

    private final String email = People.freshEmail();

    @BeforeAll
    static void start() {
        server = node(TestRedis.shared());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void after_some_wrong_passwords_even_the_right_one_must_wait() {
        register();
        Http guesser = at(freshAddress());

        assertThat(statuses(guesser, wrong(email), PER_PAIR)).containsOnly(401);
        Http.Answer early = guesser.post("/auth/login", People.login(email));

        assertThat(early.status()).isEqualTo(429);
        assertThat(early.problem()).isEqualTo("rate-limited");
        assertThat(Integer.parseInt(early.header("Retry-After"))).isBetween(1, 600);
        assertThat(early.body().path("detail").asText()).contains("Too many sign-ins have failed");
    }

    @Test
    void from_another_address_the_owner_is_let_in_all_the_same() {
        register();
        statuses(at(freshAddress()), wrong(email), PER_PAIR + 1);

        assertThat(at(freshAddress()).post("/auth/login", People.login(email)).status())
                .isEqualTo(200);
    }

    @Test
    void an_account_that_does_not_exist_is_answered_in_the_same_way() {
        register();
        List<Http.Answer> known = answers(at(freshAddress()), wrong(email), PER_PAIR + 1);
        List<Http.Answer> unknown = answers(at(freshAddress()), wrong(People.freshEmail()), PER_PAIR + 1);

        assertThat(known).extracting(Http.Answer::status).containsExactly(401, 401, 401, 429);
        assertThat(unknown).extracting(Http.Answer::status).containsExactly(401, 401, 401, 429);
        assertThat(unknown.getFirst().body()).isEqualTo(known.getFirst().body());
        assertThat(unknown.getLast().problem()).isEqualTo(known.getLast().problem());
        assertThat(unknown.getLast().headers().map().keySet())
                .isEqualTo(known.getLast().headers().map().keySet());
    }

    @Test
    void the_right_password_ends_the_count() {
        register();
        Http person = at(freshAddress());
        statuses(person, wrong(email), PER_PAIR - 1);

        assertThat(person.post("/auth/login", People.login(email)).status()).isEqualTo(200);
        assertThat(statuses(person, wrong(email), PER_PAIR - 1)).containsOnly(401);
        assertThat(person.post("/auth/login", People.login(email)).status()).isEqualTo(200);
    }

    @Test
    void an_address_that_tries_many_accounts_must_wait() {
        register();
        Http sprayer = at(freshAddress());
        for (int i = 0; i < PER_ADDRESS; i++) {
            assertThat(sprayer.post("/auth/login", wrong(People.freshEmail())).status())
                    .isEqualTo(401);
        }

        assertThat(sprayer.post("/auth/login", People.login(email)).status()).isEqualTo(429);
        assertThat(at(freshAddress()).post("/auth/login", People.login(email)).status())
                .isEqualTo(200);
    }

    @Test
    void ones_own_account_does_not_clear_an_address() {
        register();
        Http sprayer = at(freshAddress());
        for (int i = 0; i < PER_ADDRESS; i++) {
            sprayer.post("/auth/login", i % 2 == 0 ? wrong(People.freshEmail()) : People.login(email));
        }
        for (int i = 0; i < PER_ADDRESS / 2; i++) {
            assertThat(sprayer.post("/auth/login", wrong(People.freshEmail())).status())
                    .isEqualTo(401);
        }

        assertThat(sprayer.post("/auth/login", People.login(email)).status()).isEqualTo(429);
    }

    @Test
    void an_account_that_is_tried_from_many_addresses_has_a_pause_for_all() {
        register();
        for (int i = 0; i < PER_ACCOUNT; i++) {
            assertThat(at(freshAddress()).post("/auth/login", wrong(email)).status())
                    .isEqualTo(401);
        }

        Http.Answer owner = at(freshAddress()).post("/auth/login", People.login(email));

        assertThat(owner.status()).isEqualTo(429);
        assertThat(Integer.parseInt(owner.header("Retry-After"))).isBetween(1, 600);
    }

    @Test
    void many_attempts_at_once_are_no_more_than_one_after_the_other() throws Exception {
        register();
        Http guesser = at(freshAddress());
        Callable<Integer> guess =
                () -> guesser.post("/auth/login", wrong(email)).status();
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> answer :
                    threads.invokeAll(List.of(guess, guess, guess, guess, guess, guess, guess, guess))) {
                statuses.add(answer.get());
            }
        }

        assertThat(statuses).filteredOn(status -> status == 401).hasSize(PER_PAIR);
        assertThat(statuses).filteredOn(status -> status == 429).hasSize(8 - PER_PAIR);
    }

    @Test
    void a_request_that_is_no_attempt_is_not_counted() {
        register();
        Http person = at(freshAddress());
        for (int i = 0; i < PER_ADDRESS; i++) {
            assertThat(person.post("/auth/login", "{\"email\": \"" + email + "\"}")
                            .status())
                    .isEqualTo(400);
        }

        assertThat(person.post("/auth/login", People.login(email)).status()).isEqualTo(200);
    }

    @Test
    void nodes_share_their_counts_and_nobodys_address_is_in_redis() {
        register();
        String address = freshAddress();
        statuses(at(address), wrong(email), PER_PAIR);
        try (TestIngest other = node(TestRedis.shared())) {
            Http guesser = other.anonymous().header("X-Forwarded-For", address);

            assertThat(guesser.post("/auth/login", People.login(email)).status())
                    .isEqualTo(429);
        }
        List<String> keys = TestRedis.shared().call(commands -> commands.keys("*"));
        assertThat(keys).isNotEmpty().noneMatch(key -> key.contains("@") || key.contains("xample"));
    }

    @Test
    void without_redis_a_node_counts_alone() {
        register();
        try (TestRedis redis = new TestRedis();
                TestIngest node = node(redis)) {
            redis.close();
            Http guesser = node.anonymous().header("X-Forwarded-For", freshAddress());

            assertThat(statuses(guesser, wrong(email), PER_PAIR)).containsOnly(401);
            assertThat(guesser.post("/auth/login", People.login(email)).status())
                    .isEqualTo(429);
        }
    }

    private void register() {
        assertThat(at(freshAddress())
                        .post("/auth/register", People.registration(email))
                        .status())
                .isEqualTo(201);
    }

    private static TestIngest node(TestRedis redis) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("tailrace.redis.url", redis.url());
        settings.put("tailrace.limits.trusted-proxies", "127.0.0.1");
        settings.put("tailrace.sign-in.pair-failures", PER_PAIR);
        settings.put("tailrace.sign-in.address-failures", PER_ADDRESS);
        settings.put("tailrace.sign-in.account-failures", PER_ACCOUNT);
        settings.put("tailrace.sign-in.first-pause", "10m");
        settings.put("tailrace.sign-in.longest-account-pause", "10m");
        return TestIngest.start(settings);
    }

    private static Http at(String address) {
        return server.anonymous().header("X-Forwarded-For", address);
    }

    private static String freshAddress() {
        int next = ADDRESSES.incrementAndGet();
        return "203.0." + next / 250 + "." + next % 250;
    }

    private static String wrong(String email) {
        return "{\"email\": \"" + email + "\", \"password\": \"a wrong password\"}";
    }

    private static List<Integer> statuses(Http caller, String login, int times) {
        return answers(caller, login, times).stream().map(Http.Answer::status).toList();
    }

    private static List<Http.Answer> answers(Http caller, String login, int times) {
        List<Http.Answer> answers = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            answers.add(caller.post("/auth/login", login));
        }
        return answers;
    }
}
