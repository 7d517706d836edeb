package io.tailrace.ingest.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.identity.UuidV7;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.Projections;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class FeedTest {
    private static final String TOPIC = "tailrace.channels.feed";

    private final UuidV7 ids = new UuidV7(InstantSource.system(), new SecureRandom());
    private final UUID user = ids.next();
    private final int partition = new Channel("feed:" + user).partition(6);
    private final Http http = TestIngest.shared().with(TestKeys.shared().person(user));

    @Test
    void pages_show_every_post_once_the_newest_first() {
        List<String> newestFirst = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            newestFirst.addFirst(
                    Projections.feedEntry(user, ids.next(), "post " + i).toString());
        }
        Projections.feedEntry(UUID.randomUUID(), ids.next(), "somebody else's");

        assertThat(shown("/feed?limit=3")).containsExactlyElementsOf(newestFirst);
    }

    @Test
    void posts_of_a_node_whose_clock_is_half_an_hour_slow_are_where_the_log_has_them() {
        UuidV7 slow = new UuidV7(() -> Instant.now().minus(Duration.ofMinutes(30)), new SecureRandom());
        List<String> newestFirst = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            UUID post = (i % 2 == 0 ? ids : slow).next();
            newestFirst.addFirst(Projections.feedEntry(user, post, "post " + i).toString());
        }

        assertThat(shown("/feed")).containsExactlyElementsOf(newestFirst);
        assertThat(shown("/feed?limit=1")).containsExactlyElementsOf(newestFirst);
        assertThat(shown("/feed?limit=3")).containsExactlyElementsOf(newestFirst);
    }

    @Test
    void rows_from_before_there_were_places_are_behind_all_others_in_the_order_that_they_had() {
        List<String> newestFirst = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            newestFirst.addFirst(
                    Projections.feedEntry(user, ids.next(), "before " + i, 0).toString());
        }
        newestFirst.addFirst(
                Projections.feedEntry(user, new UUID(1, 1), "after").toString());

        assertThat(shown("/feed?limit=1")).containsExactlyElementsOf(newestFirst);
    }

    @Test
    void a_cursor_that_was_given_before_there_were_places_gets_what_is_below_its_post() {
        List<UUID> oldestFirst = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            oldestFirst.add(Projections.feedEntry(user, ids.next(), "post " + i));
        }
        FeedCursor old = new FeedCursor(FeedCursor.UNKNOWN_OFFSET, oldestFirst.get(2));

        assertThat(old.text()).hasSize(26);
        assertThat(shown("/feed?limit=1&before=" + old.text()))
                .containsExactly(
                        oldestFirst.get(1).toString(), oldestFirst.get(0).toString());
    }

    /** The ids of the posts on all pages, from this one on. */
    private List<String> shown(String first) {
        List<String> shown = new ArrayList<>();
        String path = first;
        while (!path.isEmpty()) {
            Http.Answer page = http.get(path);
            assertThat(page.status()).isEqualTo(200);
            shown.addAll(page.body().path("posts").findValuesAsText("id"));
            String limit = first.contains("limit=") ? first.replaceFirst(".*(limit=\\d+).*", "$1&") : "";
            path = page.body().path("next").isNull()
                    ? ""
                    : "/feed?" + limit + "before=" + page.body().path("next").asText();
        }
        return shown;
    }

    @Test
    void a_post_has_the_fields_of_the_contract() {
        Projections.feedEntry(user, ids.next(), "hello");

        Http.Answer page = http.get("/feed");

        assertThat(page.body().at("/posts/0").fieldNames())
                .toIterable()
                .containsExactly("id", "author_id", "text", "created_at");
        assertThat(page.body().at("/posts/0/created_at").asText()).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(page.body().path("next").isNull()).isTrue();
    }

    @Test
    void it_waits_until_the_projection_has_what_was_in_the_log() throws Exception {
        try (TestIngest patient = TestIngest.start(Map.of("tailrace.projection-wait.max-wait", "60s"));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long end = Projections.touchFeed(user);
            Projections.moveTo("feed_entries", TOPIC, partition, end - 1);

            Future<Http.Answer> answer = threads.submit(
                    () -> patient.with(TestKeys.shared().person(user)).get("/feed"));
            Projections.feedEntry(user, ids.next(), "just in time");
            boolean early = answer.isDone();
            Projections.moveTo("feed_entries", TOPIC, partition, end);

            assertThat(early).isFalse();
            assertThat(answer.get().body().at("/posts/0/text").asText()).isEqualTo("just in time");
            assertThat(answer.get().header("Tailrace-Stale")).isEmpty();
        }
    }

    @Test
    void it_does_not_wait_for_ever_and_says_that_it_may_be_stale() throws Exception {
        long end = Projections.touchFeed(user);
        Projections.moveTo("feed_entries", TOPIC, partition, end - 1);

        Http.Answer page = http.get("/feed");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Tailrace-Stale")).isEqualTo("true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=-1", "limit=201", "limit=many", "limit=1e2", "limit=99999999999"})
    void a_limit_out_of_range_is_400(String query) {
        Http.Answer page = http.get("/feed?" + query);

        assertThat(page.status()).isEqualTo(400);
        assertThat(page.body().at("/errors/0/field").asText()).isEqualTo("limit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "2024-01-01", "AAAAAAAAAAAAAAAAAAAAAAAAAA", "%27%20or%201=1--"})
    void a_cursor_that_nobody_gave_is_400(String cursor) {
        Http.Answer page = http.get("/feed?before=" + cursor);

        assertThat(page.status()).isEqualTo(400);
        assertThat(page.problem()).isEqualTo("invalid-cursor");
    }

    @Test
    void without_a_token_it_is_401() {
        assertThat(TestIngest.shared().anonymous().get("/feed").status()).isEqualTo(401);
    }
}
