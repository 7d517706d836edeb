package io.tailrace.dispatcher.feed;

import static io.tailrace.dispatcher.feed.FeedHarness.feed;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.Follow;
import io.tailrace.contracts.event.PostPublished;
import io.tailrace.dispatcher.poison.Poison.Kind;
import io.tailrace.dispatcher.testing.Facts;
import io.tailrace.kit.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FeedPoisonTest {
    private static final UUID ADA = new UUID(1, 1);
    private static final UUID BOB = new UUID(2, 2);
    private static final UUID POST = new UUID(9, 9);
    private static final String VALUE = "{\"id\":\"" + POST + "\",\"author_id\":\"" + ADA
            + "\",\"text\":\"x\",\"created_at\":\"2026-03-01T12:00:00Z\"}";

    private final FeedHarness feeds = new FeedHarness();

    @AfterEach
    void close() {
        feeds.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("poisonedPosts")
    void a_post_that_cannot_be_used_is_a_dead_letter_and_the_next_one_arrives(
            String fault, Kind kind, TestRecord<byte[], byte[]> poisoned) {
        feeds.follow(BOB, ADA);

        feeds.posts.pipeInput(poisoned);
        UUID next = feeds.post(ADA, "next");

        assertDeadLetter(poisoned, kind, FeedHarness.TOPICS.posts(), 0);
        assertThat(feeds.fedBriefly()).containsExactly(feed(ADA, next), feed(BOB, next));
    }

    static Stream<Arguments> poisonedPosts() {
        String key = ADA.toString();
        return Stream.of(
                Arguments.of("no value", Kind.NULL_VALUE, Facts.record(key, null, headers())),
                Arguments.of("neither key nor value", Kind.NULL_VALUE, Facts.record(null, null, headers())),
                Arguments.of("no headers", Kind.ENVELOPE, Facts.record(key, bytes(VALUE), new RecordHeaders())),
                Arguments.of("no ce_id", Kind.ENVELOPE, without(Event.HEADER_ID)),
                Arguments.of("no ce_type", Kind.ENVELOPE, without(Event.HEADER_TYPE)),
                Arguments.of("no ce_source", Kind.ENVELOPE, without(Event.HEADER_SOURCE)),
                Arguments.of("no ce_specversion", Kind.ENVELOPE, without(Event.HEADER_SPEC_VERSION)),
                Arguments.of("another ce_specversion", Kind.ENVELOPE, with(Event.HEADER_SPEC_VERSION, "2.0")),
                Arguments.of("a ce_time that is none", Kind.ENVELOPE, with(Event.HEADER_TIME, "yesterday")),
                Arguments.of("a line break in ce_id", Kind.ENVELOPE, with(Event.HEADER_ID, "a\nb")),
                Arguments.of("an empty value", Kind.ENVELOPE, value("")),
                Arguments.of("a value of two lines", Kind.ENVELOPE, value(VALUE.replace(",", ",\n"))),
                Arguments.of("a type of another topic", Kind.UNKNOWN_TYPE, with(Event.HEADER_TYPE, "user_followed")),
                Arguments.of("an unknown type", Kind.UNKNOWN_TYPE, with(Event.HEADER_TYPE, "post_eaten")),
                Arguments.of("no JSON", Kind.VALUE, value("{\"id\":")),
                Arguments.of("more than one JSON value", Kind.VALUE, value(VALUE + VALUE)),
                Arguments.of("JSON null", Kind.VALUE, value("null")),
                Arguments.of("a list", Kind.VALUE, value("[1]")),
                Arguments.of("no id", Kind.VALUE, value(VALUE.replace("\"id\"", "\"di\""))),
                Arguments.of("no author", Kind.VALUE, value(VALUE.replace("author_id", "authority"))),
                Arguments.of("an author that is no UUID", Kind.VALUE, value(VALUE.replace(ADA.toString(), "ada"))),
                Arguments.of("no text", Kind.VALUE, value(VALUE.replace("\"x\"", "null"))),
                Arguments.of("a time that is none", Kind.VALUE, value(VALUE.replace("2026-03-01T", "noon "))),
                Arguments.of("no UTF-8", Kind.VALUE, Facts.record(key, latin1(VALUE.replace("x", "é")), headers())),
                Arguments.of("no key", Kind.KEY, Facts.record(null, bytes(VALUE), headers())),
                Arguments.of("another author's key", Kind.KEY, Facts.record(BOB.toString(), bytes(VALUE), headers())),
                Arguments.of("too large", Kind.TOO_LARGE, value(VALUE.replace("x", "x".repeat(10_000)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("poisonedFollows")
    void a_follow_that_cannot_be_used_is_a_dead_letter_and_the_next_one_counts(
            String fault, Kind kind, TestRecord<byte[], byte[]> poisoned) {
        feeds.follows.pipeInput(poisoned);
        feeds.follow(BOB, ADA);
        UUID next = feeds.post(ADA, "next");

        assertDeadLetter(poisoned, kind, FeedHarness.TOPICS.follows(), 0);
        assertThat(feeds.fedBriefly()).containsExactly(feed(ADA, next), feed(BOB, next));
    }

    static Stream<Arguments> poisonedFollows() {
        String key = ADA + "/" + BOB;
        Event follow = Facts.event(EventTypes.USER_FOLLOWED, new Follow(BOB, ADA, Facts.NOW));
        Event half = Facts.event(EventTypes.USER_FOLLOWED, new Half(ADA));
        Event post = Facts.event(EventTypes.POST_PUBLISHED, new PostPublished(POST, ADA, "x", Facts.NOW));
        return Stream.of(
                Arguments.of("no headers", Kind.ENVELOPE, Facts.record(key, follow.data(), new RecordHeaders())),
                Arguments.of("a post", Kind.UNKNOWN_TYPE, Facts.record(key, post)),
                Arguments.of("no JSON", Kind.VALUE, Facts.record(key, bytes("follow"), Facts.headers(follow))),
                Arguments.of("no follower", Kind.VALUE, Facts.record(key, half)),
                Arguments.of("the key of the followee alone", Kind.KEY, Facts.record(ADA.toString(), follow)),
                Arguments.of("the key the wrong way round", Kind.KEY, Facts.record(BOB + "/" + ADA, follow)),
                Arguments.of("a tombstone of nobody", Kind.KEY, Facts.record("x", null, new RecordHeaders())),
                Arguments.of("a tombstone without a key", Kind.KEY, Facts.record(null, null, new RecordHeaders())),
                Arguments.of(
                        "a tombstone of no UUIDs",
                        Kind.KEY,
                        Facts.record("z".repeat(36) + "/" + BOB, null, new RecordHeaders())));
    }

    private record Half(UUID followeeId) {}

    @Test
    void a_record_in_a_partition_that_is_not_its_owners_is_a_dead_letter() {
        // The test driver has partition 0 only; of six, that is the partition of some authors.
        FeedSettings settings = new FeedSettings(
                10, 100, 5_000, Duration.ofMillis(10), 1, Duration.ofHours(24), 6, 10_000, Duration.ofMillis(50));
        try (var sixPartitions = new FeedHarness(settings)) {
            List<UUID> authors = Stream.iterate(0, i -> i + 1)
                    .limit(60)
                    .map(i -> new UUID(i, i))
                    .toList();

            authors.forEach(author -> sixPartitions.post(author, "x"));

            int fed = sixPartitions.fed().size();
            var letters = sixPartitions.harness.deadLetters();
            assertThat(fed).isBetween(1, 59);
            assertThat(letters).hasSize(60 - fed);
            assertThat(letters).allSatisfy(letter -> assertThat(Facts.header(letter, "dead_letter_reason"))
                    .startsWith("the record is in partition 0, expected "));
        }
    }

    @Test
    void a_record_without_a_valid_time_is_processed_at_the_time_of_its_partition() {
        feeds.post(ADA, "first");
        Event event = Facts.event(EventTypes.POST_PUBLISHED, new PostPublished(POST, ADA, "x", Facts.NOW));
        var timeless = new TestRecord<>(
                Facts.bytes(ADA.toString()), event.data(), Facts.headers(event), Instant.ofEpochMilli(-1));

        feeds.posts.pipeInput(timeless);

        var fed = feeds.fed();
        assertThat(fed).hasSize(2);
        assertThat(fed.get(1).timestamp()).isEqualTo(Facts.NOW.toEpochMilli());
    }

    private void assertDeadLetter(TestRecord<byte[], byte[]> original, Kind kind, String topic, long offset) {
        var letters = feeds.harness.deadLetters();
        assertThat(letters).hasSize(1);
        var letter = letters.getFirst();
        assertThat(Facts.text(letter.key())).isEqualTo(topic + "-0@" + offset + "/event-dispatcher/test");
        if (original.key() == null) {
            assertThat(letter.headers().lastHeader("dead_letter_key")).isNull();
        } else {
            assertThat(Facts.header(letter, "dead_letter_key")).isEqualTo(Facts.text(original.key()));
        }
        // Without a value it would be a tombstone.
        assertThat(letter.value()).isEqualTo(original.value() == null ? new byte[0] : original.value());
        original.headers().forEach(header -> assertThat(letter.headers().headers(header.key()))
                .contains(header));
        assertThat(Facts.header(letter, "dead_letter_topic")).isEqualTo(topic);
        assertThat(Facts.header(letter, "dead_letter_partition")).isEqualTo("0");
        assertThat(Facts.header(letter, "dead_letter_offset")).isEqualTo(Long.toString(offset));
        assertThat(Facts.header(letter, "dead_letter_consumer")).isEqualTo("event-dispatcher/test");
        assertThat(Facts.header(letter, "dead_letter_kind")).isEqualTo(kind.label());
        assertThat(Facts.header(letter, "dead_letter_reason")).isNotBlank();
        assertThat(feeds.harness.heard()).extracting(poison -> poison.kind()).containsExactly(kind);
    }

    private static TestRecord<byte[], byte[]> value(String value) {
        return Facts.record(ADA.toString(), bytes(value), headers());
    }

    private static TestRecord<byte[], byte[]> without(String header) {
        RecordHeaders headers = headers();
        headers.remove(header);
        return Facts.record(ADA.toString(), bytes(VALUE), headers);
    }

    private static TestRecord<byte[], byte[]> with(String header, String value) {
        RecordHeaders headers = headers();
        headers.remove(header);
        headers.add(header, bytes(value));
        return Facts.record(ADA.toString(), bytes(VALUE), headers);
    }

    private static RecordHeaders headers() {
        return Facts.headers(
                Facts.event(EventTypes.POST_PUBLISHED, Json.mapper().createObjectNode()));
    }

    private static byte[] bytes(String text) {
        return Facts.bytes(text);
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
