package io.tailrace.dispatcher.feed;

import static io.tailrace.dispatcher.feed.FeedHarness.feed;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.dispatcher.testing.Facts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FeedTopologyTest {
    private static final UUID ADA = new UUID(1, 1);
    private static final UUID BOB = new UUID(2, 2);
    private static final UUID CYD = new UUID(3, 3);

    private final FeedHarness feeds = new FeedHarness();

    @AfterEach
    void close() {
        feeds.close();
    }

    @Test
    void a_post_reaches_the_follower_and_its_author() {
        feeds.follow(BOB, ADA);

        UUID post = feeds.post(ADA, "hello");

        assertThat(feeds.fedBriefly()).containsExactly(feed(ADA, post), feed(BOB, post));
    }

    @Test
    void the_delivered_event_is_the_post_with_the_channel_as_its_subject() {
        feeds.follow(BOB, ADA);
        UUID id = UUID.randomUUID();
        TestRecord<byte[], byte[]> post = Facts.post(id, ADA, "ünïcödé \" \\ \n");

        feeds.posts.pipeInput(post);

        TestRecord<byte[], byte[]> delivered = feeds.fed().get(1);
        assertThat(delivered.value()).isEqualTo(post.value());
        assertThat(Facts.header(delivered, "ce_id")).isEqualTo(id.toString());
        assertThat(Facts.header(delivered, "ce_type")).isEqualTo("post_published");
        assertThat(Facts.header(delivered, "ce_time")).isEqualTo(Facts.NOW.toString());
        assertThat(Facts.header(delivered, "ce_source")).isEqualTo("/tailrace/ingest-api");
        assertThat(Facts.header(delivered, "ce_specversion")).isEqualTo("1.0");
        assertThat(Facts.header(delivered, "ce_subject")).isEqualTo("feed:" + BOB);
        assertThat(Facts.header(delivered, "content-type")).isEqualTo("application/json");
        assertThat(delivered.headers().headers("ce_subject")).hasSize(1);
        assertThat(delivered.timestamp()).isEqualTo(post.timestamp());
    }

    @Test
    void every_delivered_event_is_in_the_trace_of_its_post_and_none_in_that_of_another() {
        feeds.follow(BOB, ADA);
        TestRecord<byte[], byte[]> traced = Facts.post(UUID.randomUUID(), ADA, "traced");
        byte[] trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".getBytes(StandardCharsets.US_ASCII);
        traced.headers().add("traceparent", trace);

        feeds.posts.pipeInput(traced);
        feeds.post(ADA, "of no trace");

        assertThat(feeds.fed())
                .extracting(record -> record.headers().lastHeader("traceparent"))
                .satisfiesExactly(
                        header -> assertThat(header.value()).isEqualTo(trace),
                        header -> assertThat(header.value()).isEqualTo(trace),
                        header -> assertThat(header).isNull(),
                        header -> assertThat(header).isNull());
    }

    @Test
    void what_is_too_long_to_be_a_trace_is_not_given_to_every_follower() {
        feeds.follow(BOB, ADA);
        TestRecord<byte[], byte[]> post = Facts.post(UUID.randomUUID(), ADA, "long");
        post.headers().add("traceparent", new byte[10_000]);

        feeds.posts.pipeInput(post);

        assertThat(feeds.fed()).hasSize(2).allSatisfy(record -> assertThat(
                        record.headers().lastHeader("traceparent"))
                .isNull());
    }

    @Test
    void after_an_unfollow_nothing_more_arrives() {
        feeds.follow(BOB, ADA);
        UUID first = feeds.post(ADA, "one");
        feeds.unfollow(BOB, ADA);

        UUID second = feeds.post(ADA, "two");

        assertThat(feeds.fedBriefly()).containsExactly(feed(ADA, first), feed(BOB, first), feed(ADA, second));
    }

    @Test
    void a_tombstone_of_a_follow_ends_it() {
        feeds.follow(BOB, ADA);
        feeds.follow(CYD, ADA);
        feeds.follows.pipeInput(Facts.record(ADA + "/" + BOB, null, new RecordHeaders()));

        UUID post = feeds.post(ADA, "one");

        assertThat(feeds.fedBriefly()).containsExactly(feed(ADA, post), feed(CYD, post));
        assertThat(feeds.harness.deadLetters()).isEmpty();
    }

    @Test
    void the_second_tombstone_of_a_follow_is_written_into_the_changelogs_so_that_they_forget_it_too() {
        feeds.follow(BOB, ADA);
        feeds.follow(CYD, ADA);
        feeds.follows.pipeInput(Facts.record(ADA + "/" + BOB, null, new RecordHeaders()));
        TestOutputTopic<byte[], byte[]> pairs = feeds.harness.output("tailrace-feed-v1-followers-changelog");
        TestOutputTopic<byte[], byte[]> counts = feeds.harness.output("tailrace-feed-v1-follower-counts-changelog");
        assertThat(pairs.readRecordsToList()).hasSize(3);
        assertThat(counts.readRecordsToList()).hasSize(3);

        RecordHeaders headers = new RecordHeaders();
        headers.add("ce_type", "fact_forgotten".getBytes(StandardCharsets.US_ASCII));
        feeds.follows.pipeInput(Facts.record(ADA + "/" + BOB, null, headers));

        assertThat(pairs.readRecordsToList()).singleElement().satisfies(record -> assertThat(record.value())
                .isNull());
        assertThat(counts.readRecordsToList()).singleElement().satisfies(record -> assertThat(record.value())
                .endsWith(1));
        UUID post = feeds.post(ADA, "one");
        assertThat(feeds.fedBriefly()).containsExactly(feed(ADA, post), feed(CYD, post));
    }

    @Test
    void posts_arrive_in_the_order_of_the_log() {
        feeds.follow(BOB, ADA);

        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            expected.add(feed(BOB, feeds.post(ADA, "post " + i)));
        }

        assertThat(feeds.fedBriefly())
                .filteredOn(line -> line.startsWith("feed:" + BOB))
                .isEqualTo(expected);
    }

    @Test
    void a_follow_that_is_there_already_changes_nothing() {
        feeds.follow(BOB, ADA);
        feeds.follow(BOB, ADA);

        UUID post = feeds.post(ADA, "once");

        assertThat(feeds.fedBriefly()).containsExactly(feed(ADA, post), feed(BOB, post));
    }

    @Test
    void an_unfollow_without_a_follow_changes_nothing() {
        feeds.unfollow(BOB, ADA);
        feeds.follow(CYD, ADA);

        UUID post = feeds.post(ADA, "one");

        assertThat(feeds.fedBriefly()).containsExactly(feed(ADA, post), feed(CYD, post));
    }

    @Test
    void following_oneself_does_not_deliver_twice() {
        feeds.follow(ADA, ADA);

        UUID post = feeds.post(ADA, "me");

        assertThat(feeds.fedBriefly()).containsExactly(feed(ADA, post));
    }

    @Test
    void two_authors_are_kept_apart() {
        feeds.follow(CYD, ADA);
        feeds.follow(CYD, BOB);
        feeds.follow(BOB, ADA);

        UUID ofAda = feeds.post(ADA, "a");
        UUID ofBob = feeds.post(BOB, "b");

        assertThat(feeds.fedBriefly())
                .containsExactly(
                        feed(ADA, ofAda), feed(BOB, ofAda), feed(CYD, ofAda), feed(BOB, ofBob), feed(CYD, ofBob));
    }

    @Test
    void followers_of_an_author_with_the_next_id_are_not_taken_for_ones_own() {
        UUID author = new UUID(7, -1);
        UUID next = new UUID(8, 0);
        feeds.follow(BOB, author);
        feeds.follow(CYD, next);

        UUID post = feeds.post(author, "x");

        assertThat(feeds.fedBriefly()).containsExactly(feed(author, post), feed(BOB, post));
    }

    @Test
    void every_one_of_many_followers_gets_the_post_once() {
        List<UUID> followers =
                IntStream.range(0, 300).mapToObj(i -> new UUID(100, i)).toList();
        followers.forEach(follower -> feeds.follow(follower, ADA));

        UUID post = feeds.post(ADA, "to all");
        feeds.turns(1);

        List<String> fed = feeds.fedBriefly();
        assertThat(fed).hasSize(301).doesNotHaveDuplicates();
        assertThat(Set.copyOf(fed))
                .isEqualTo(Stream.concat(Stream.of(ADA), followers.stream())
                        .map(user -> feed(user, post))
                        .collect(Collectors.toSet()));
    }

    @Test
    void a_post_that_is_in_the_log_twice_is_delivered_once() {
        feeds.follow(BOB, ADA);
        UUID id = UUID.randomUUID();
        feeds.posts.pipeInput(Facts.post(id, ADA, "again"));

        feeds.posts.pipeInput(Facts.post(id, ADA, "again"));

        assertThat(feeds.fedBriefly()).containsExactly(feed(ADA, id), feed(BOB, id));
    }
}
