package io.tailrace.dispatcher.feed;

import static io.tailrace.dispatcher.feed.FeedHarness.feed;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FanOutThresholdTest {
    private static final UUID ADA = new UUID(1, 1);
    private static final UUID BOB = new UUID(2, 2);
    private static final UUID CYD = new UUID(3, 3);
    private static final UUID DAN = new UUID(4, 4);

    private final FeedHarness feeds = new FeedHarness(2);

    @AfterEach
    void close() {
        feeds.close();
    }

    @Test
    void an_author_at_the_threshold_is_fanned_out() {
        feeds.follow(BOB, ADA);
        feeds.follow(CYD, ADA);

        UUID post = feeds.post(ADA, "x");

        assertThat(feeds.fedBriefly()).containsExactly(feed(ADA, post), feed(BOB, post), feed(CYD, post));
        assertThat(feeds.authorsBriefly()).isEmpty();
    }

    @Test
    void the_post_of_an_author_above_the_threshold_goes_once_to_the_authors_channel_and_feed() {
        feeds.follow(BOB, ADA);
        feeds.follow(CYD, ADA);
        feeds.follow(DAN, ADA);

        UUID post = feeds.post(ADA, "x");

        assertThat(feeds.authorsBriefly()).containsExactly("author:" + ADA + " " + post);
        assertThat(feeds.fedBriefly()).containsExactly(feed(ADA, post));
    }

    @Test
    void a_follower_counts_once_however_often_they_follow() {
        feeds.follow(BOB, ADA);
        feeds.follow(CYD, ADA);
        feeds.follow(CYD, ADA);
        feeds.follow(ADA, ADA);

        UUID post = feeds.post(ADA, "x");

        assertThat(feeds.fedBriefly()).containsExactly(feed(ADA, post), feed(BOB, post), feed(CYD, post));
    }

    @Test
    void an_author_who_loses_followers_is_fanned_out_again() {
        feeds.follow(BOB, ADA);
        feeds.follow(CYD, ADA);
        feeds.follow(DAN, ADA);
        feeds.unfollow(DAN, ADA);
        feeds.unfollow(DAN, ADA);

        UUID post = feeds.post(ADA, "x");

        assertThat(feeds.fedBriefly()).containsExactly(feed(ADA, post), feed(BOB, post), feed(CYD, post));
        assertThat(feeds.authorsBriefly()).isEmpty();
    }

    @Test
    void an_author_with_many_followers_does_not_change_another_ones_fan_out() {
        feeds.follow(BOB, ADA);
        feeds.follow(CYD, ADA);
        feeds.follow(DAN, ADA);
        feeds.follow(CYD, BOB);

        UUID post = feeds.post(BOB, "x");

        assertThat(feeds.fedBriefly()).containsExactly(feed(BOB, post), feed(CYD, post));
    }
}
