package io.tailrace.systemtests;

import static io.tailrace.systemtests.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.client.Publisher;
import io.tailrace.systemtests.client.Subscriber;
import io.tailrace.systemtests.platform.Launcher;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.ServiceProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Search while the indexer and Elasticsearch are killed; what the index holds is compared with the log afterwards. */
@Tag("server")
class SearchFaultsTest {
    private static final Duration READY = Duration.ofSeconds(90);
    private static final Duration CAUGHT_UP = Duration.ofSeconds(180);
    private static final int PER_SECOND = 30;
    private static final int KILLS = 4;
    private static final long DOWN_NS = TimeUnit.SECONDS.toNanos(30);

    private static Platform platform;
    private static final List<ServiceProcess> INDEXERS = new ArrayList<>();

    @BeforeAll
    static void startTwoIndexers() throws Exception {
        platform = Platform.up("search-indexer", "telemetry", "demo-show");
        INDEXERS.add(platform.run("search-indexer"));
        INDEXERS.add(platform.run("search-indexer"));
    }

    @AfterAll
    static void stopEverything() throws Exception {
        if (platform != null) {
            platform.close();
        }
    }

    @Test
    void the_index_equals_the_log_after_random_kills_of_the_indexer_and_of_elasticsearch() throws Exception {
        // given writes
        long seed = Long.getLong("tailrace.seed", System.nanoTime());
        Random random = new Random(seed);
        Publisher posts = posts();
        eventually("some are written", READY, () -> posts.acknowledged().size() >= PER_SECOND);

        // when one or another is killed while they go on
        for (int kill = 0; kill < KILLS; kill++) {
            int victim = random.nextInt(INDEXERS.size() + 1);
            System.out.println("search faults: seed " + seed + ", kill " + kill + ": "
                    + (victim == INDEXERS.size() ? "elasticsearch" : "indexer " + victim));
            int before = posts.acknowledged().size();
            int pause = random.nextInt(1, 4 * PER_SECOND);
            eventually("writes go on", READY, () -> posts.acknowledged().size() >= before + pause);
            if (victim == INDEXERS.size()) {
                platform.kill9("elasticsearch");
            } else {
                INDEXERS.get(victim).kill9();
                INDEXERS.get(victim).start(READY);
            }
        }
        int written = posts.stop().size();

        // then it has every document as the log has it
        awaitEqual("posts", written);
    }

    @Test
    void elasticsearch_away_for_half_a_minute_loses_nothing_and_nobody_else_notices() throws Exception {
        // given writes, and a stream of other events
        Publisher posts = posts();
        Api service = new Api(platform.origin(), platform.token("publisher", "--publish", "news:*"));
        Api support = new Api(INDEXERS.getFirst().origin(), platform.token("agent", "--role", "support"));
        try (Subscriber subscriber =
                new Subscriber(List.of(platform.origin()), platform.token("reader"), "", List.of("news:search"))) {
            eventually("the stream is open", READY, () -> subscriber.connections() == 1);
            Publisher news = Publisher.onChannel(service, "news:search", PER_SECOND);

            // when Elasticsearch is killed again and again for 30 s
            long until = System.nanoTime() + DOWN_NS;
            long killed = 0;
            boolean refused = false;
            while (System.nanoTime() < until) {
                long pid = platform.pidOf("elasticsearch");
                if (pid != 0 && pid != killed) {
                    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
                    killed = pid;
                }
                Api.Answer answer = support.call("GET", "/search/users?q=191", null);
                if (answer.status() == 503) {
                    assertThat(answer.header("Retry-After")).isNotEmpty();
                    assertThat(answer.json().toString()).doesNotContainIgnoringCase("elastic");
                    refused = true;
                }
            }

            // then searches were refused meanwhile, writes were all taken at their pace, and the stream had all of them
            assertThat(refused).isTrue();
            int written = posts.stop().size();
            List<String> published = news.stop();
            assertThat(written).isGreaterThan(10 * PER_SECOND);
            eventually("all arrived", READY, () -> subscriber.count() >= published.size());
            assertThat(subscriber.received("news:search")).isEqualTo(published);
            assertThat(subscriber.connections()).isEqualTo(1);

            // and the index catches up
            awaitEqual("posts", written);
            eventually(
                    "searches are answered again",
                    CAUGHT_UP,
                    () -> support.call("GET", "/search/users?q=191", null).status() == 200);
        }
    }

    @Test
    void a_rebuild_of_an_index_leaves_it_as_it_was() throws Exception {
        // given
        Publisher posts = posts();
        eventually("some are written", READY, () -> posts.acknowledged().size() >= PER_SECOND);

        // when
        Launcher.Outcome outcome = platform.launcher().run("reindex", "posts");

        // then
        assertThat(outcome.exitCode()).as(outcome.out() + outcome.err()).isZero();
        assertThat(outcome.out()).contains("posts: done; the new index is searched");
        awaitEqual("posts", posts.stop().size());
    }

    private static Publisher posts() throws Exception {
        // Two, because a person may write 20 times a second.
        List<Api> authors = List.of(author(), author());
        return new Publisher(PER_SECOND, n -> authors.get(n % 2)
                .mustWrite("POST", "/posts", Map.of("text", "gate " + n + " is open"))
                .path("id")
                .asText());
    }

    private static Api author() throws Exception {
        return new Api(platform.origin(), platform.token(UUID.randomUUID().toString()));
    }

    private static void awaitEqual(String index, int atLeast) throws Exception {
        List<String> said = new ArrayList<>(List.of(""));
        try {
            eventually("the index equals the log", CAUGHT_UP, () -> {
                Launcher.Outcome outcome = platform.launcher().run("reindex", index, "--check");
                said.set(0, outcome.out() + outcome.err());
                return outcome.exitCode() == 0;
            });
        } catch (AssertionError e) {
            throw new AssertionError(said.getFirst(), e);
        }
        System.out.println("search faults: " + said.getFirst().strip());
        assertThat(Integer.parseInt(said.getFirst().replaceAll("(?s).*?([0-9]+) documents.*", "$1")))
                .isGreaterThanOrEqualTo(atLeast);
    }
}
