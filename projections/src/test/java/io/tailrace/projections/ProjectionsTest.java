package io.tailrace.projections;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.tailrace.backends.Eventually;
import io.tailrace.backends.TestRedis;
import io.tailrace.contracts.event.Follow;
import io.tailrace.contracts.event.MetricCreated;
import io.tailrace.contracts.event.PostDeleted;
import io.tailrace.contracts.event.PostPublished;
import io.tailrace.contracts.event.UserRegistered;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.boot.ServiceBoot;
import io.tailrace.kit.json.Json;
import io.tailrace.projections.testing.TestBroker;
import io.tailrace.projections.testing.TestPostgres;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class ProjectionsTest {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678901Z");
    private static final String AT_SQL = "2026-01-02 03:04:05.678901+00";
    private static final TestBroker BROKER = TestBroker.shared();
    private static final TestPostgres.Database DATABASE = TestPostgres.shared().database();

    private static ApplicationContext projections;

    @BeforeAll
    static void start() {
        projections = ServiceBoot.start(
                "projections",
                List.of("projections.yml"),
                ProjectionsTest.class,
                new String[0],
                Map.of(
                        "tailrace.http.port",
                        -1,
                        "tailrace.kafka.bootstrap",
                        BROKER.settings().bootstrap(),
                        "tailrace.postgres.url",
                        DATABASE.url(),
                        "tailrace.postgres.user",
                        "postgres",
                        "tailrace.redis.url",
                        TestRedis.shared().url(),
                        "tailrace.projections.group-prefix",
                        "projections-test-"));
    }

    @AfterAll
    static void stop() {
        projections.close();
    }

    @Test
    void copiesRegisteredUsersUntilATombstoneErasesThem() {
        // given
        UserRegistered ada = new UserRegistered(UUID.randomUUID(), "ada@example.org", "Ada", "+44 1", AT);
        UserRegistered bob = new UserRegistered(UUID.randomUUID(), "bob@example.org", "Bob", null, AT);
        String rows = "select id, email, name, phone, created_at::text from users order by email";
        publish(Topics.USERS, ada.id(), "user_registered", ada);
        publish(Topics.USERS, bob.id(), "user_registered", bob);
        eventually(
                rows,
                ada.id() + "|ada@example.org|Ada|+44 1|" + AT_SQL,
                bob.id() + "|bob@example.org|Bob|null|" + AT_SQL);

        // when
        BROKER.send(new ProducerRecord<>(Topics.USERS, ada.id().toString().getBytes(StandardCharsets.UTF_8), null));

        // then
        eventually(rows, bob.id() + "|bob@example.org|Bob|null|" + AT_SQL);
    }

    @Test
    void copiesFollowsUntilTheyEnd() {
        // given
        Follow first = new Follow(UUID.randomUUID(), UUID.randomUUID(), AT);
        Follow second = new Follow(UUID.randomUUID(), UUID.randomUUID(), AT);
        String rows = "select follower_id, followee_id, since::text from follows";

        // when
        publish(Topics.FOLLOWS, first.followeeId() + "/" + first.followerId(), "user_followed", first);
        publish(Topics.FOLLOWS, second.followeeId() + "/" + second.followerId(), "user_followed", second);
        publish(Topics.FOLLOWS, first.followeeId() + "/" + first.followerId(), "user_unfollowed", first);

        // then
        eventually(rows, second.followerId() + "|" + second.followeeId() + "|" + AT_SQL);
    }

    @Test
    void copiesPostsAndTheFeedsThatTheyReach() {
        // given
        UUID reader = UUID.randomUUID();
        PostPublished post = new PostPublished(UUID.randomUUID(), UUID.randomUUID(), "Grüße, \"Welt\" 🌍", AT);

        // when
        publish(Topics.POSTS, post.authorId(), "post_published", post);
        publish("tailrace.channels.feed", "feed:" + reader, "post_published", post);
        publish("tailrace.channels.feed", "feed:" + reader, "post_published", post);

        // then
        String expected = post.id() + "|" + post.authorId() + "|" + post.text() + "|" + AT_SQL;
        eventually("select id, author_id, text, created_at::text from posts where id = '" + post.id() + "'", expected);
        eventually(
                "select user_id, post_id, author_id, text, created_at::text from feed_entries where post_id = '"
                        + post.id() + "'",
                reader + "|" + expected);
    }

    @Test
    void aDeletedPostIsInNoTableAndInNobodysFeedWhateverComesFirst() {
        // given
        UUID reader = UUID.randomUUID();
        UUID former = UUID.randomUUID();
        PostPublished post = new PostPublished(UUID.randomUUID(), UUID.randomUUID(), "soon gone", AT);
        String key = post.authorId() + "/" + post.id();
        String rows = "select id from posts where author_id = '" + post.authorId() + "'";
        String entries = "select user_id from feed_entries where post_id = '" + post.id() + "'";
        publish(Topics.POSTS, key, "post_published", post);
        publish("tailrace.channels.feed", "feed:" + reader, "post_published", post);
        eventually(rows, post.id().toString());
        eventually(entries, reader.toString());

        // when
        BROKER.send(new ProducerRecord<>(Topics.POSTS, key.getBytes(StandardCharsets.UTF_8), null));
        eventually(
                "select author_id from deleted_posts where id = '" + post.id() + "'",
                post.authorId().toString());
        publish("tailrace.channels.feed", "feed:" + reader, "post_deleted", new PostDeleted(post.id()));
        publish("tailrace.channels.feed", "feed:" + former, "post_published", post);
        PostPublished other = new PostPublished(UUID.randomUUID(), UUID.randomUUID(), "stays", AT);
        publish("tailrace.channels.feed", "feed:" + former, "post_published", other);

        // then
        eventually(
                "select post_id from feed_entries where user_id = '" + former + "'",
                other.id().toString());
        eventually(entries);
        eventually(rows);
    }

    @Test
    void copiesMetrics() {
        // given
        MetricCreated metric = new MetricCreated(UUID.randomUUID(), "cpu", "%");

        // when
        publish(Topics.METRICS, metric.id(), "metric_created", metric);

        // then
        eventually(
                "select id, name, unit, created_at::text from metrics",
                metric.id() + "|cpu|%|2026-02-03 04:05:06.789+00");
    }

    @Test
    void hasAPositionForEveryPartitionAndAnOrdinaryHealth() throws Exception {
        // given
        eventually(
                "select projection, count(*) from projection_positions group by projection order by projection",
                "dashboards|6",
                "feed_entries|6",
                "follows|6",
                "hold_requests|6",
                "job_logs|6",
                "jobs|6",
                "metrics|6",
                "posts|6",
                "readings|6",
                "reservations|6",
                "schedules|6",
                "series_points|3",
                "shows|6",
                "taken_seats|6",
                "uploads|6",
                "users|6");

        // when
        HttpResponse<String> health = get("/health");

        // then
        assertThat(health.statusCode()).as(health.body()).isEqualTo(200);
        MeterRegistry meters = projections.getBean(MeterRegistry.class);
        // A gauge comes with the first look at its partition, which may be after the position's row.
        Eventually.holds(
                "a gauge for each partition",
                () -> meters.find("tailrace.projection.lag")
                                .tag("projection", "feed_entries")
                                .gauges()
                                .size()
                        == 6);
        assertThat(meters.get("tailrace.projection.records")
                        .tags("projection", "users", "outcome", "applied")
                        .counter())
                .isNotNull();
    }

    private static void publish(String topic, Object key, String type, Object payload) {
        BROKER.publish(topic, key.toString(), type, new String(Json.write(payload), StandardCharsets.UTF_8));
    }

    private static void eventually(String sql, String... expected) {
        List<String> last = new ArrayList<>();
        try {
            Eventually.holds(sql, () -> {
                last.clear();
                last.addAll(DATABASE.rows(sql));
                return last.equals(List.of(expected));
            });
        } catch (AssertionError e) {
            assertThat(last).as(sql).containsExactly(expected);
        }
    }

    private static HttpResponse<String> get(String path) throws Exception {
        URI server = projections.getBean(EmbeddedServer.class).getURI();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(server.resolve(path))
                            .timeout(Duration.ofSeconds(60))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
