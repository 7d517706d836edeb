package io.tailrace.dispatcher.feed;

import static io.tailrace.dispatcher.feed.FeedHarness.feed;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.dispatcher.testing.Facts;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Authors with many followers are served in turns. */
class FanOutTurnsTest {
    private static final UUID ADA = new UUID(1, 1);
    private static final UUID BOB = new UUID(2, 2);
    private static final UUID CYD = new UUID(3, 3);
    private static final int PER_TURN = 3;

    private final FeedHarness feeds = FeedHarness.inTurns(1_000, 1, PER_TURN);

    @AfterEach
    void close() {
        feeds.close();
    }

    @Test
    void the_author_has_the_post_at_once_and_followers_in_the_turns_that_come() {
        follow(ADA, 7);

        UUID post = feeds.post(ADA, "x");

        assertThat(feeds.fedBriefly()).containsExactly(feed(ADA, post));
        feeds.turns(1);
        assertThat(feeds.fedBriefly()).isEqualTo(feedsOf(post, 0, 3));
        feeds.turns(1);
        assertThat(feeds.fedBriefly()).isEqualTo(feedsOf(post, 3, 6));
        feeds.turns(3);
        assertThat(feeds.fedBriefly()).isEqualTo(feedsOf(post, 6, 7));
    }

    @Test
    void a_post_of_a_few_followers_does_not_wait_for_one_of_many() {
        follow(ADA, 7);
        feeds.follow(CYD, BOB);
        UUID many = feeds.post(ADA, "x");

        UUID few = feeds.post(BOB, "y");

        assertThat(feeds.fedBriefly()).containsExactly(feed(ADA, many), feed(BOB, few), feed(CYD, few));
    }

    @Test
    void after_a_turn_there_is_a_rest_in_which_the_posts_of_others_are_delivered() {
        AtomicLong nowNs = new AtomicLong();
        try (FeedHarness paced = FeedHarness.inTurns(PER_TURN, 0.2, () -> nowNs.getAndAdd(1_000_000))) {
            IntStream.range(0, 7).forEach(i -> paced.follow(follower(i), ADA));
            paced.follow(CYD, BOB);
            UUID many = paced.post(ADA, "x");
            paced.turns(1);
            assertThat(paced.fedBriefly()).hasSize(1 + PER_TURN);

            // The turn took a millisecond, and one passes with each look.
            paced.turns(3);
            UUID few = paced.post(BOB, "y");

            assertThat(paced.fedBriefly()).containsExactly(feed(BOB, few), feed(CYD, few));
            paced.turns(1);
            assertThat(paced.fedBriefly()).isEqualTo(feedsOf(many, PER_TURN, 2 * PER_TURN));
        }
    }

    @Test
    void posts_of_one_author_do_not_overtake_each_other() {
        follow(ADA, 4);
        UUID first = feeds.post(ADA, "x");
        // Few enough for one turn from now on.
        IntStream.range(1, 4).forEach(i -> feeds.unfollow(follower(i), ADA));
        UUID second = feeds.post(ADA, "y");

        feeds.turns(5);

        assertThat(feeds.fedBriefly())
                .containsExactly(
                        feed(ADA, first), feed(ADA, second), feed(follower(0), first), feed(follower(0), second));
    }

    @Test
    void who_follows_while_a_post_is_under_way_gets_the_next_one() {
        follow(ADA, 4);
        UUID first = feeds.post(ADA, "x");
        UUID late = new UUID(9_000, 1);
        feeds.follow(late, ADA);
        UUID second = feeds.post(ADA, "y");

        feeds.turns(10);

        assertThat(feeds.fedBriefly()).doesNotContain(feed(late, first)).contains(feed(late, second));
    }

    @Test
    void who_unfollows_before_it_is_their_turn_gets_nothing_any_more() {
        follow(ADA, 5);
        UUID post = feeds.post(ADA, "x");
        feeds.turns(1);

        feeds.unfollow(follower(4), ADA);
        // The last one who was served: the next turn begins behind it all the same.
        feeds.unfollow(follower(2), ADA);
        feeds.turns(5);

        assertThat(feeds.fedBriefly())
                .isEqualTo(Stream.concat(Stream.of(feed(ADA, post)), feedsOf(post, 0, 4).stream())
                        .toList());
    }

    @Test
    void a_post_that_is_under_way_does_not_reach_who_is_erased_and_nothing_holds_them_afterwards() {
        follow(ADA, 7);
        UUID post = feeds.post(ADA, "x");
        feeds.turns(1);

        // The last one who was served, up to whom the post has come, and one whose turn has not come.
        erase(follower(2), false);
        erase(follower(5), false);
        feeds.allTurns();

        assertThat(feeds.fedBriefly())
                .isEqualTo(Stream.of(List.of(feed(ADA, post)), feedsOf(post, 0, 5), feedsOf(post, 6, 7))
                        .flatMap(List::stream)
                        .toList());
        for (String store : List.of(Followers.PAIRS_STORE, FanOuts.STORE)) {
            assertThat(content(store)).as(store).doesNotContain(hex(follower(2)), hex(follower(5)));
        }
        assertThat(content(Followers.PAIRS_STORE)).contains(hex(follower(1)));
    }

    @Test
    void what_was_under_way_is_written_behind_when_the_log_forgets_so_that_its_changelog_does_too() {
        follow(ADA, 4);
        feeds.post(ADA, "x");
        feeds.allTurns();
        TestOutputTopic<byte[], byte[]> changelog = feeds.harness.output("tailrace-feed-v1-fan-outs-changelog");
        assertThat(changelog.readRecordsToList()).isNotEmpty();

        erase(follower(2), true);
        feeds.posts.pipeInput(forgotten(ADA + "/" + new UUID(5, 5)));

        assertThat(changelog.readRecordsToList()).hasSize(2);
        assertThat(feeds.fedBriefly()).hasSize(5);
        UUID next = feeds.post(ADA, "y");
        feeds.allTurns();
        assertThat(feeds.fedBriefly())
                .containsExactly(
                        feed(ADA, next), feed(follower(0), next), feed(follower(1), next), feed(follower(3), next));
    }

    @Test
    void nothing_is_written_behind_where_no_post_was_ever_under_way() {
        follow(ADA, 1);
        erase(follower(0), true);

        assertThat(content(FanOuts.STORE)).isEmpty();
    }

    @Test
    void a_post_that_is_written_twice_is_fanned_out_once() {
        follow(ADA, 3);
        UUID id = new UUID(5, 5);
        feeds.posts.pipeInput(Facts.post(id, ADA, "x"));
        feeds.posts.pipeInput(Facts.post(id, ADA, "x"));

        feeds.turns(5);

        assertThat(feeds.fedBriefly()).hasSize(4).doesNotHaveDuplicates();
    }

    @Test
    void followers_who_are_served_in_turns_get_the_same_event_and_its_trace() {
        follow(ADA, 2);
        TestRecord<byte[], byte[]> fact = Facts.post(new UUID(5, 5), ADA, "x");
        fact.headers()
                .add(
                        "traceparent",
                        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".getBytes(StandardCharsets.US_ASCII));
        feeds.posts.pipeInput(fact);
        feeds.turns(1);

        List<TestRecord<byte[], byte[]>> fed = feeds.fed();

        assertThat(fed).hasSize(3);
        for (TestRecord<byte[], byte[]> record : fed) {
            assertThat(record.value()).isEqualTo(fed.getFirst().value());
            assertThat(record.timestamp()).isEqualTo(fed.getFirst().timestamp());
            assertThat(Facts.header(record, "traceparent")).startsWith("00-0af7651916cd43dd8448eb211c80319c");
            assertThat(Facts.header(record, "ce_time")).isEqualTo(Facts.header(fed.getFirst(), "ce_time"));
            assertThat(Facts.header(record, "ce_subject")).isEqualTo(Facts.text(record.key()));
        }
    }

    private void follow(UUID author, int followers) {
        IntStream.range(0, followers).forEach(i -> feeds.follow(follower(i), author));
    }

    /** The tombstone of a follow; the one that is written again later if {@code again}. */
    private void erase(UUID follower, boolean again) {
        String key = ADA + "/" + follower;
        feeds.follows.pipeInput(again ? forgotten(key) : Facts.record(key, null, new RecordHeaders()));
    }

    private static TestRecord<byte[], byte[]> forgotten(String key) {
        RecordHeaders headers = new RecordHeaders();
        headers.add(Event.HEADER_TYPE, EventTypes.FACT_FORGOTTEN.getBytes(StandardCharsets.US_ASCII));
        return Facts.record(key, null, headers);
    }

    /** All keys and values of a store. */
    private String content(String store) {
        StringBuilder content = new StringBuilder();
        try (var entries =
                feeds.harness.driver().<byte[], byte[]>getKeyValueStore(store).all()) {
            entries.forEachRemaining(entry -> content.append(HexFormat.of().formatHex(entry.key))
                    .append('=')
                    .append(HexFormat.of().formatHex(entry.value))
                    .append(' '));
        }
        return content.toString();
    }

    private static String hex(UUID id) {
        return id.toString().replace("-", "");
    }

    private static List<String> feedsOf(UUID post, int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> feed(follower(i), post)).toList();
    }

    private static UUID follower(int number) {
        return new UUID(100, number);
    }
}
