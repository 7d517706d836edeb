package io.tailrace.ingest.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.api.sync.RedisCommands;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.backends.Eventually;
import io.tailrace.backends.TestRedis;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The limits of two nodes with one Redis, and of a node whose Redis goes away. */
@Tag("server")
class SharedLimitTest {
    private static final int BURST = 40;

    /** What a node gives away without asking: see docs/decisions. */
    private static final int LEASE = BURST / 4;

    @Test
    void what_one_node_gave_another_does_not_give_again() {
        try (TestRedis redis = new TestRedis();
                TestIngest one = node(redis);
                TestIngest other = node(redis)) {
            share(one);
            share(other);
            String token = TestKeys.shared().person(UUID.randomUUID());
            int before = Writes.untilRefused(one.with(token));

            int after = Writes.untilRefused(other.with(token));

            assertThat(before).isGreaterThanOrEqualTo(BURST);
            // Its lease, what one took from its own, and what the seconds of a slow run have brought back.
            assertThat(after).isLessThan(BURST);
            assertThat(keys(redis)).allMatch(key -> key.startsWith("tailrace:limit:person:"));
            long keptMs = redis.call(commands -> commands.pttl(keys(commands).getFirst()));
            assertThat(keptMs).isPositive();
        }
    }

    @Test
    void without_redis_a_node_limits_alone_and_shares_again_when_it_is_back() {
        try (TestRedis redis = new TestRedis();
                TestIngest node = node(redis)) {
            share(node);
            redis.close();

            int allowed = Writes.untilRefused(node.with(TestKeys.shared().person(UUID.randomUUID())));

            assertThat(allowed).isGreaterThanOrEqualTo(BURST);
            assertThat(alone(node)).isPositive();
            assertThat(shared(node)).isZero();

            redis.restart();
            share(node);
        }
    }

    @Test
    void a_redis_that_was_never_there_hinders_nobody() {
        try (TestRedis redis = new TestRedis();
                TestIngest node = node(redis)) {
            redis.close();

            Http person = node.with(TestKeys.shared().person(UUID.randomUUID()));

            assertThat(Writes.untilRefused(person)).isGreaterThanOrEqualTo(BURST);
            redis.restart();
            share(node);
        }
    }

    @Test
    void a_redis_that_is_frozen_counts_as_away_and_is_found_again() {
        try (TestRedis redis = new TestRedis();
                TestIngest node = node(redis)) {
            share(node);
            redis.call(commands -> commands.clientPause(5_000));

            int allowed = Writes.untilRefused(node.with(TestKeys.shared().person(UUID.randomUUID())));

            assertThat(allowed).isGreaterThanOrEqualTo(BURST);
            assertThat(alone(node)).isPositive();
            share(node);
        }
    }

    /** Writes as new people until the node shares with others. */
    private static void share(TestIngest node) {
        Eventually.holds("the limits are shared", () -> {
            Http person = node.with(TestKeys.shared().person(UUID.randomUUID()));
            for (int i = 0; i <= LEASE; i++) {
                Writes.one(person);
            }
            return shared(node) == 1;
        });
    }

    private static TestIngest node(TestRedis redis) {
        return TestIngest.start(Map.of(
                "tailrace.redis.url",
                redis.url(),
                "tailrace.limits.person-per-second",
                1,
                "tailrace.limits.person-burst",
                BURST,
                "tailrace.limits.ask-again-after",
                "50ms"));
    }

    private static double shared(TestIngest node) {
        return node.bean(MeterRegistry.class)
                .get("tailrace.limits.shared")
                .gauge()
                .value();
    }

    private static double alone(TestIngest node) {
        return node.bean(MeterRegistry.class)
                .get("tailrace.limits.alone")
                .counter()
                .count();
    }

    private static List<String> keys(TestRedis redis) {
        return redis.call(SharedLimitTest::keys);
    }

    private static List<String> keys(RedisCommands<String, String> commands) {
        return commands.keys("tailrace:limit:*");
    }
}
