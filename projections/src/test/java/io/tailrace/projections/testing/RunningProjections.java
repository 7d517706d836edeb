package io.tailrace.projections.testing;

import io.micronaut.context.ApplicationContext;
import io.tailrace.backends.Eventually;
import io.tailrace.backends.TestRedis;
import io.tailrace.kit.boot.ServiceBoot;
import io.tailrace.kit.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The projections as they run alone, over the test broker and a database of their own. */
public final class RunningProjections implements AutoCloseable {
    private final TestPostgres.Database database = TestPostgres.shared().database();
    private final ApplicationContext context;

    /** Starts them with settings beside those of the test servers. */
    public RunningProjections(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(Map.of(
                "tailrace.http.port",
                -1,
                "tailrace.kafka.bootstrap",
                TestBroker.shared().settings().bootstrap(),
                "tailrace.postgres.url",
                database.url(),
                "tailrace.postgres.user",
                "postgres",
                "tailrace.redis.url",
                TestRedis.shared().url(),
                "tailrace.projections.group-prefix",
                "test-" + UUID.randomUUID() + "-"));
        all.putAll(settings);
        context = ServiceBoot.start(
                "projections", List.of("projections.yml"), RunningProjections.class, new String[0], all);
    }

    /** A bean of theirs. */
    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** Their database. */
    public TestPostgres.Database database() {
        return database;
    }

    /** Publishes an event of the contracts. */
    public static void publish(String topic, Object key, String type, Object payload) {
        TestBroker.shared()
                .publish(topic, key.toString(), type, new String(Json.write(payload), StandardCharsets.UTF_8));
    }

    /** Returns when a query gives these rows; fails with those that it gives instead. */
    public void eventually(String sql, String... expected) {
        List<String> last = new ArrayList<>();
        try {
            Eventually.holds(sql, () -> {
                last.clear();
                last.addAll(database.rows(sql));
                return last.equals(List.of(expected));
            });
        } catch (AssertionError e) {
            throw new AssertionError(sql + "\nexpected " + List.of(expected) + "\nfound " + last, e);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
