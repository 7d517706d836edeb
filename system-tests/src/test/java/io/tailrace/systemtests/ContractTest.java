package io.tailrace.systemtests;

import static io.tailrace.systemtests.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.client.Api.Answer;
import io.tailrace.systemtests.client.Subscriber;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.SharedPlatform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What docs/protocol.md promises, row by row, against everything that {@code up} starts. */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class ContractTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String PASSWORD = "correct horse battery";

    private static Platform platform;
    private static Api nobody;

    @BeforeAll
    static void everythingRuns(Platform shared) {
        platform = shared;
        nobody = new Api(platform.origin(), null);
    }

    private record Person(String id, Api api, String refreshToken) {}

    @Test
    void an_account_is_made_signed_in_renewed_and_signed_out() throws Exception {
        String email = UUID.randomUUID() + "@example.org";
        Map<String, String> account = Map.of("email", email, "password", PASSWORD, "name", "Ada");

        Answer registered = nobody.call("POST", "/auth/register", account);
        assertThat(registered.status()).isEqualTo(201);
        assertThat(registered.json().path("email").asText()).isEqualTo(email);
        assertProblem(nobody.call("POST", "/auth/register", account), 409, "email-taken");

        assertProblem(
                nobody.call("POST", "/auth/login", Map.of("email", email, "password", "wrong password")),
                401,
                "unauthorized");
        Answer signedIn = nobody.call("POST", "/auth/login", Map.of("email", email, "password", PASSWORD));
        assertThat(signedIn.status()).isEqualTo(200);
        String refresh = signedIn.json().path("refresh_token").asText();
        Answer renewed = nobody.call("POST", "/auth/refresh", Map.of("refresh_token", refresh));
        assertThat(renewed.status()).isEqualTo(200);
        String newer = renewed.json().path("refresh_token").asText();
        assertThat(nobody.call("POST", "/auth/refresh", Map.of("refresh_token", refresh))
                        .json()
                        .path("refresh_token")
                        .asText())
                .as("the successor again, within the grace")
                .isEqualTo(newer);
        assertThat(nobody.call("POST", "/auth/logout", Map.of("refresh_token", newer))
                        .status())
                .isEqualTo(204);
        assertProblem(nobody.call("POST", "/auth/refresh", Map.of("refresh_token", refresh)), 401, "unauthorized");
        assertProblem(nobody.call("POST", "/auth/refresh", Map.of("refresh_token", newer)), 401, "unauthorized");
        assertThat(nobody.call("GET", "/.well-known/jwks.json", null).json().path("keys"))
                .isNotEmpty();
    }

    @Test
    void a_post_is_in_the_feed_of_its_author_and_of_followers_and_on_their_streams() throws Exception {
        Person author = register();
        Person follower = register();
        assertThat(follower.api().call("PUT", "/follows/" + author.id(), null).status())
                .isEqualTo(204);
        String token = platform.token(follower.id());
        try (Subscriber stream =
                new Subscriber(List.of(platform.origin()), token, "", List.of("feed:" + follower.id()))) {
            eventually("the stream is open", LIMIT, () -> stream.connections() == 1);
            Answer posted = author.api().call("POST", "/posts", Map.of("text", "hello"));
            assertThat(posted.status()).isEqualTo(201);
            String id = posted.json().path("id").asText();
            eventually("the post is on the stream", LIMIT, () -> stream.received("feed:" + follower.id())
                    .contains(id));
            eventually("the post is in the feed", LIMIT, () -> ids(follower.api()
                            .call("GET", "/feed?limit=10", null)
                            .json()
                            .path("posts"))
                    .contains(id));
        }
        assertThat(follower.api()
                        .call("DELETE", "/follows/" + author.id(), null)
                        .status())
                .isEqualTo(204);
    }

    @Test
    void the_pages_of_a_feed_have_the_posts_of_its_stream_in_the_same_order() throws Exception {
        Person one = register();
        Person other = register();
        Person reader = register();
        for (Person author : List.of(one, other)) {
            assertThat(reader.api().call("PUT", "/follows/" + author.id(), null).status())
                    .isEqualTo(204);
        }
        String channel = "feed:" + reader.id();
        try (Subscriber stream =
                new Subscriber(List.of(platform.origin()), platform.token(reader.id()), "", List.of(channel))) {
            eventually("the stream is open", LIMIT, () -> stream.connections() == 1);
            int posts = 20;
            for (int i = 0; i < posts; i++) {
                var unused = (i % 2 == 0 ? one : other).api().mustWrite("POST", "/posts", Map.of("text", "post " + i));
            }
            eventually("all are on the stream", LIMIT, () -> stream.count() == posts);
            eventually("the pages have them as the stream has", LIMIT, () -> pages(reader.api(), 7)
                    .reversed()
                    .equals(stream.received(channel)));
        }
    }

    @Test
    void a_deleted_post_is_told_on_the_stream_and_is_in_no_feed_and_no_search() throws Exception {
        Person author = register();
        Person follower = register();
        assertThat(follower.api().call("PUT", "/follows/" + author.id(), null).status())
                .isEqualTo(204);
        String channel = "feed:" + follower.id();
        String word = "w" + UUID.randomUUID().toString().replace("-", "");
        Api support = new Api(platform.origin(), platform.token("agent", "--role", "support"));
        try (Subscriber stream =
                new Subscriber(List.of(platform.origin()), platform.token(follower.id()), "", List.of(channel))) {
            eventually("the stream is open", LIMIT, () -> stream.connections() == 1);
            String id = author.api()
                    .mustWrite("POST", "/posts", Map.of("text", word))
                    .path("id")
                    .asText();
            eventually("the post is in the feed", LIMIT, () -> pages(follower.api(), 10)
                    .contains(id));
            eventually("the post is found", LIMIT, () -> found(support, word) == 1);

            assertThat(author.api().call("DELETE", "/posts/" + id, null).status())
                    .isEqualTo(204);

            eventually("the stream says so", LIMIT, () -> stream.events(channel).stream()
                    .anyMatch(event -> event.type().equals("post_deleted")
                            && event.data().path("id").asText().equals(id)));
            eventually(
                    "the post is in no feed",
                    LIMIT,
                    () -> !pages(follower.api(), 10).contains(id)
                            && !pages(author.api(), 10).contains(id));
            eventually("the post is not found", LIMIT, () -> found(support, word) == 0);
            assertThat(author.api().call("DELETE", "/posts/" + id, null).status())
                    .isEqualTo(204);
        }
    }

    /** The ids of a whole feed, page by page, the newest first. */
    private static List<String> pages(Api reader, int limit) throws Exception {
        List<String> all = new ArrayList<>();
        String before = "";
        while (true) {
            JsonNode page =
                    reader.call("GET", "/feed?limit=" + limit + before, null).json();
            page.path("posts").forEach(post -> all.add(post.path("id").asText()));
            if (page.path("next").isNull()) {
                return all;
            }
            before = "&before=" + page.path("next").asText();
        }
    }

    private static int found(Api support, String word) throws Exception {
        return support.call("GET", "/search/posts?q=" + word, null)
                .json()
                .path("hits")
                .size();
    }

    @Test
    void a_metric_and_its_readings_are_written_read_and_refused() throws Exception {
        Answer metric = nobody.call("POST", "/metrics", Map.of("name", "temperature"));
        assertThat(metric.status()).isEqualTo(201);
        String id = metric.json().path("id").asText();
        assertThat(nobody.call("GET", "/metrics/" + id, null)
                        .json()
                        .path("name")
                        .asText())
                .isEqualTo("temperature");
        assertThat(nobody.call("GET", "/metrics/not-an-id", null).status()).isEqualTo(400);
        assertThat(nobody.call("GET", "/metrics/" + UUID.randomUUID(), null).status())
                .isEqualTo(404);
        Answer reading = nobody.call("POST", "/metrics/readings", Map.of("metric_id", id, "value", 21.5));
        assertThat(reading.status()).isEqualTo(201);
        assertThat(reading.json().path("value").asDouble()).isEqualTo(21.5);
        assertProblem(nobody.call("POST", "/metrics/readings", Map.of("metric_id", id, "value", 0)), 400, "validation");
    }

    @Test
    void what_is_published_comes_back_after_its_position_only_what_came_later() throws Exception {
        String channel = "news:" + UUID.randomUUID();
        Api publisher = new Api(platform.origin(), platform.token("publisher", "--publish", "news:*"));
        String path = "/channels/" + channel + "/events";
        JsonNode first = publisher
                .call("POST", path, Map.of("type", "headline", "data", 1))
                .json();
        JsonNode rest = publisher
                .call(
                        "POST",
                        path,
                        List.of(Map.of("type", "headline", "data", 2), Map.of("type", "headline", "data", 3)))
                .json();

        String position = first.path("events").path(0).path("position").asText();
        try (Subscriber stream =
                new Subscriber(List.of(platform.origin()), platform.token("reader"), position, List.of(channel))) {
            eventually("two events", LIMIT, () -> stream.count() >= 2);
            assertThat(stream.received(channel)).isEqualTo(ids(rest.path("events")));
        }
        JsonNode page = nobody.call("GET", path + "?after=" + position, null).json();
        assertThat(page.path("events").findValuesAsText("event")).containsExactly("headline", "headline");
        assertThat(page.path("events").path(0).path("data").path("id").asText())
                .isEqualTo(rest.path("events").path(0).path("id").asText());
        assertThat(page.path("next").isNull()).isTrue();
    }

    @Test
    void what_is_not_allowed_or_not_there_is_refused_with_its_own_problem() throws Exception {
        Api reader = new Api(platform.origin(), platform.token("reader"));
        Map<String, Object> event = Map.of("type", "headline", "data", 1);

        assertProblem(reader.call("POST", "/channels/news:x/events", event), 403, "forbidden");
        assertProblem(nobody.call("POST", "/channels/news:x/events", event), 401, "unauthorized");
        assertProblem(reader.call("POST", "/channels/nowhere:x/events", event), 404, "undeclared-namespace");
        assertProblem(reader.call("GET", "/events?channels=feed:somebody", null), 403, "forbidden");
        assertProblem(nobody.call("GET", "/events?channels=feed:somebody", null), 401, "unauthorized");
        assertProblem(reader.call("GET", "/events?channels=nowhere:x", null), 404, "undeclared-namespace");
        assertProblem(
                reader.call("GET", "/events?channels=news:x&last_event_id=nonsense", null), 400, "invalid-cursor");
        assertProblem(reader.call("GET", "/nothing/here", null), 404, "not-found");
        Api reserved = new Api(platform.origin(), platform.token("publisher", "--publish", "news:*"));
        assertProblem(
                reserved.call("POST", "/channels/news:x/events", Map.of("type", "stream.open", "data", 1)),
                400,
                "validation");
    }

    @Test
    void health_metrics_and_the_api_description_are_served() throws Exception {
        for (String path : List.of("/health", "/health/liveness", "/health/readiness")) {
            assertThat(nobody.call("GET", path, null).status()).as(path).isEqualTo(200);
        }
        assertThat(nobody.text("/prometheus")).contains("tailrace_");
        assertThat(nobody.text("/openapi.yml")).contains("/posts", "/auth/register", "/channels/{channel}/events");
    }

    private static Person register() throws Exception {
        String email = UUID.randomUUID() + "@example.org";
        Map<String, String> account = Map.of("email", email, "password", PASSWORD, "name", "Somebody");
        String id =
                nobody.mustWrite("POST", "/auth/register", account).path("id").asText();
        JsonNode tokens = nobody.call("POST", "/auth/login", Map.of("email", email, "password", PASSWORD))
                .json();
        return new Person(
                id,
                new Api(platform.origin(), tokens.path("access_token").asText()),
                tokens.path("refresh_token").asText());
    }

    private static List<String> ids(JsonNode events) {
        return events.findValuesAsText("id");
    }

    private static void assertProblem(Answer answer, int status, String slug) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.json().path("type").asText()).endsWith("/problems/" + slug);
    }
}
