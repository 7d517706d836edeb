package io.tailrace.ingest.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Refills are slow in here, so that no test depends on how fast it runs: one write in a second. */
@Tag("server")
class WriteLimitTest {
    private static final int BURST = 8;
    private static TestIngest server;

    @BeforeAll
    static void start() {
        server = TestIngest.start(Map.of(
                "tailrace.limits.person-per-second",
                1,
                "tailrace.limits.person-burst",
                BURST,
                "tailrace.limits.address-per-second",
                1,
                "tailrace.limits.address-burst",
                BURST,
                "tailrace.limits.trusted-proxies",
                "127.0.0.0/8"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void a_write_too_many_is_429_and_says_when_to_come_again() {
        Http person = person();

        Writes.Run run = Writes.run("/posts", person);
        Http.Answer refused = run.refused();

        assertThat(run.allowed()).isGreaterThanOrEqualTo(BURST);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.problem()).isEqualTo("rate-limited");
        assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertThat(refused.header("RateLimit")).isEqualTo("\"person\";r=0;t=8");
        assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"person\";q=8;w=8");
        assertThat(refused.header("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @Test
    void every_answer_to_a_write_says_what_is_left_and_a_bad_one_counts_too() {
        Http person = person();

        Http.Answer bad = person.post("/posts", "{");

        assertThat(bad.status()).isEqualTo(400);
        assertThat(bad.header("RateLimit")).isEqualTo("\"person\";r=7;t=1");
        assertThat(bad.header("RateLimit-Policy")).isEqualTo("\"person\";q=8;w=8");
    }

    @Test
    void reads_are_not_counted() {
        Http person = person();
        Writes.untilRefused(person);

        Http.Answer read = person.get("/feed");

        assertThat(read.status()).isEqualTo(200);
        assertThat(read.header("RateLimit")).isEmpty();
    }

    @Test
    void another_token_of_the_same_person_has_no_limit_of_its_own() {
        UUID id = UUID.randomUUID();
        Writes.untilRefused(server.with(TestKeys.shared().person(id)));

        String another =
                TestKeys.shared().sign(TestKeys.shared().claims(id.toString()).jwtID("another"));

        assertThat(Writes.untilRefused(server.with(another))).isLessThan(BURST);
    }

    @Test
    void a_service_account_may_write_more() {
        Http service = server.with(TestKeys.shared().publisher("news:*"));

        assertThat(Writes.one(service).header("RateLimit-Policy")).isEqualTo("\"service\";q=2000;w=1");
    }

    @Test
    void whoever_has_no_token_is_limited_by_the_address_that_the_proxy_saw() {
        Http one = server.anonymous().header("X-Forwarded-For", "192.0.2.1, 203.0.113.1");
        Http liar = server.anonymous().header("X-Forwarded-For", "192.0.2.2, 203.0.113.1");
        Http other = server.anonymous().header("X-Forwarded-For", "192.0.2.1, 203.0.113.2");

        int allowed = Writes.untilRefused("/auth/login", one);

        assertThat(allowed).isGreaterThanOrEqualTo(BURST);
        assertThat(Writes.untilRefused("/auth/login", liar)).isLessThan(BURST);
        assertThat(Writes.untilRefused("/auth/login", other)).isGreaterThanOrEqualTo(BURST);
    }

    @Test
    void a_token_that_is_not_valid_is_nobody_and_counts_for_the_address() {
        Http forged = server.with("not.a.token").header("X-Forwarded-For", "203.0.113.3");

        assertThat(Writes.untilRefused("/auth/login", forged)).isGreaterThanOrEqualTo(BURST);
        assertThat(forged.post("/auth/login", "{").header("RateLimit-Policy")).isEqualTo("\"address\";q=8;w=8");
    }

    @Test
    void the_defaults_are_those_of_the_contract() {
        TestIngest defaults = TestIngest.shared();

        assertThat(Writes.one(defaults.with(TestKeys.shared().person(UUID.randomUUID())))
                        .header("RateLimit-Policy"))
                .isEqualTo("\"person\";q=20;w=1");
        assertThat(Writes.one(defaults.with(TestKeys.shared().publisher("news:*")))
                        .header("RateLimit-Policy"))
                .isEqualTo("\"service\";q=2000;w=1");
        assertThat(defaults.anonymous().post("/auth/login", "{").header("RateLimit-Policy"))
                .isEqualTo("\"address\";q=200;w=2");
    }

    private static Http person() {
        return server.with(TestKeys.shared().person(UUID.randomUUID()));
    }
}
