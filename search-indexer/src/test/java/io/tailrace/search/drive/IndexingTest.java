package io.tailrace.search.drive;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.backends.Eventually;
import io.tailrace.contracts.event.PostPublished;
import io.tailrace.contracts.event.UserRegistered;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.search.testing.TestBroker;
import io.tailrace.search.testing.TestElasticsearch;
import io.tailrace.search.testing.TestService;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class IndexingTest {
    private static final TestBroker BROKER = TestBroker.shared();
    private static final TestElasticsearch ELASTICSEARCH = TestElasticsearch.shared();

    @AfterEach
    void startElasticsearchAgain() {
        ELASTICSEARCH.start();
    }

    @Test
    void forgetsAPersonWhomATombstoneErases() {
        try (TestService service = TestService.start()) {
            // given
            String name = word();
            UserRegistered user = TestService.user(name, "someone@example.org", null);
            awaitFound(service, "users", name, user.id());

            // when
            TestService.erase(user.id());

            // then
            Eventually.holds(
                    "the person is gone", () -> service.found("users", name).isEmpty());
        }
    }

    @Test
    void putsWhatCannotBeIndexedIntoTheDeadLettersAndGoesOn() {
        try (TestService service = TestService.start()) {
            // given a time that the log allows and Elasticsearch does not, and a payload that is no post
            String word = word();
            String author = UUID.randomUUID().toString();
            String refused =
                    "{\"id\":\"%s\",\"author_id\":\"%s\",\"text\":\"%s\",\"created_at\":\"+999999999-01-01T00:00:00Z\"}"
                            .formatted(UUID.randomUUID(), author, word);
            long refusedAt = BROKER.publish(Topics.POSTS, author, "post_published", refused)
                    .offset();
            long poisonAt =
                    BROKER.publish(Topics.POSTS, author, "post_published", "[]").offset();

            // when
            PostPublished good = TestService.post(word);

            // then
            awaitFound(service, "posts", word, good.id());
            Eventually.holds("both have letters", () -> letters(author).size() >= 2);
            assertThat(letters(author))
                    .anySatisfy(letter -> {
                        assertThat(header(letter, "dead_letter_offset")).isEqualTo(Long.toString(refusedAt));
                        assertThat(header(letter, "dead_letter_reason")).contains("document_parsing_exception");
                    })
                    .anySatisfy(letter -> {
                        assertThat(header(letter, "dead_letter_offset")).isEqualTo(Long.toString(poisonAt));
                        assertThat(header(letter, "dead_letter_reason")).isEqualTo("data: not a JSON object");
                    });
        }
    }

    @Test
    void neverPutsAnOlderStateOverANewerOne() {
        // given
        String name = word();
        UserRegistered user = TestService.user(name + "old", "someone@example.org", null);
        UserRegistered renamed =
                new UserRegistered(user.id(), user.email(), name + "new", user.phone(), user.createdAt());
        TestService.publish(Topics.USERS, user.id().toString(), "user_registered", renamed);
        String prefix = "t" + UUID.randomUUID() + "-";
        try (TestService first = TestService.start(prefix, Map.of())) {
            awaitFound(first, "users", name + "new", user.id());
        }

        // when all of the log is read again into the same index
        try (TestService second = TestService.start(prefix, Map.of("tailrace.search.group-prefix", "again-"))) {
            Eventually.holds(
                    "all is read again",
                    () -> second.bean(MeterRegistry.class)
                                    .get("tailrace.search.indexer.records")
                                    .tags("index", "users", "outcome", "indexed")
                                    .counter()
                                    .count()
                            >= 2);

            // then
            assertThat(second.found("users", name + "new"))
                    .containsExactly(user.id().toString());
            assertThat(second.found("users", name + "old")).isEmpty();
        }
    }

    @Test
    void goesOnFromItsCommittedOffsetsAfterARestart() {
        // given
        String prefix = "t" + UUID.randomUUID() + "-";
        String word = word();
        PostPublished before = TestService.post(word);
        try (TestService first = TestService.start(prefix, Map.of())) {
            awaitFound(first, "posts", word, before.id());
            awaitAllRead(first);
        }
        PostPublished after = TestService.post(word);

        // when
        try (TestService second = TestService.start(prefix, Map.of())) {
            awaitFound(second, "posts", word, before.id(), after.id());

            // then
            assertThat(second.bean(MeterRegistry.class)
                            .get("tailrace.search.indexer.records")
                            .tags("index", "posts", "outcome", "indexed")
                            .counter()
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void fillsAnIndexAgainThatWasDeleted() throws Exception {
        try (TestService service = TestService.start()) {
            // given
            String word = word();
            PostPublished post = TestService.post(word);
            awaitFound(service, "posts", word, post.id());

            // when
            HttpResponse<String> aliases = ELASTICSEARCH.request("GET", "/_alias/" + service.prefix() + "posts", null);
            String index = TestService.json(aliases).fieldNames().next();
            assertThat(ELASTICSEARCH.request("DELETE", "/" + index, null).statusCode())
                    .isEqualTo(200);

            // then
            awaitFound(service, "posts", word, post.id());
            assertThat(ELASTICSEARCH
                            .request("GET", "/" + service.prefix() + "posts/_mapping", null)
                            .body())
                    .contains("\"dynamic\":\"strict\"");
        }
    }

    @Test
    void waitsForElasticsearchCatchesUpAndHealsWhenAllItsDataIsLost() {
        try (TestService service = TestService.start()) {
            // given
            String word = word();
            PostPublished before = TestService.post(word);
            awaitFound(service, "posts", word, before.id());

            // when
            ELASTICSEARCH.kill();
            PostPublished meanwhile = TestService.post(word);
            HttpResponse<String> search = service.search("posts", word);

            // then
            assertThat(search.statusCode()).isEqualTo(503);
            assertThat(search.headers().firstValue("retry-after")).isPresent();
            assertThat(search.body()).doesNotContainIgnoringCase("elastic");
            Eventually.holds(
                    "the health says so",
                    () -> service.get("/health", null).body().contains("DEGRADED"));
            assertThat(service.get("/health/readiness", null).statusCode()).isEqualTo(200);

            // when
            ELASTICSEARCH.start();

            // then
            awaitFound(service, "posts", word, before.id(), meanwhile.id());
            Eventually.holds(
                    "the health says so too",
                    () -> service.get("/health", null).body().contains("UP"));

            // when
            ELASTICSEARCH.kill();
            ELASTICSEARCH.deleteData();
            ELASTICSEARCH.start();

            // then
            awaitFound(service, "posts", word, before.id(), meanwhile.id());
        }
    }

    /** Also what other tests have written, into other partitions: else the next one would index some of it. */
    private static void awaitAllRead(TestService service) {
        Eventually.holds("nothing is left to read", () -> {
            Collection<Gauge> lags = service.bean(MeterRegistry.class)
                    .get("tailrace.search.indexer.lag")
                    .tags("index", "posts")
                    .gauges();
            return lags.size() == Topics.FACT_PARTITIONS && lags.stream().allMatch(lag -> lag.value() == 0);
        });
    }

    private static void awaitFound(TestService service, String index, String q, UUID... ids) {
        List<String> expected =
                List.of(ids).stream().map(UUID::toString).sorted().toList();
        Eventually.holds(
                q + " finds " + expected,
                () -> service.found(index, q).stream().sorted().toList().equals(expected));
    }

    private static List<ConsumerRecord<byte[], byte[]>> letters(String key) {
        return BROKER.records(Topics.DEAD_LETTERS).stream()
                .filter(letter -> key.equals(header(letter, "dead_letter_key")))
                .toList();
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static String word() {
        return "w" + UUID.randomUUID().toString().replace("-", "");
    }
}
