package io.tailrace.dispatcher.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.PostPublished;
import io.tailrace.dispatcher.testing.Facts;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PostDeletionTest {
    private static final UUID ADA = new UUID(1, 1);
    private static final UUID BOB = new UUID(2, 2);
    private static final UUID POST = new UUID(9, 9);

    private final FeedHarness feeds = new FeedHarness();

    @AfterEach
    void close() {
        feeds.close();
    }

    @Test
    void a_deleted_post_is_told_to_the_author_and_the_followers_once() {
        feeds.follow(BOB, ADA);
        feeds.posts.pipeInput(post());
        assertThat(feeds.fedBriefly()).containsExactly(FeedHarness.feed(ADA, POST), FeedHarness.feed(BOB, POST));

        feeds.posts.pipeInput(tombstone(ADA + "/" + POST));
        feeds.posts.pipeInput(tombstone(ADA + "/" + POST));

        List<TestRecord<byte[], byte[]>> told = feeds.fed();
        assertThat(told).extracting(record -> Facts.text(record.key())).containsExactly("feed:" + ADA, "feed:" + BOB);
        assertThat(told).allSatisfy(record -> {
            assertThat(Facts.header(record, "ce_type")).isEqualTo("post_deleted");
            assertThat(Facts.text(record.value())).isEqualTo("{\"id\":\"" + POST + "\"}");
        });
    }

    @Test
    void what_was_written_again_under_another_key_is_told_to_nobody() {
        TestRecord<byte[], byte[]> copy = post();
        copy.headers().add(Event.HEADER_REPEATED, Facts.bytes("true"));
        feeds.posts.pipeInput(copy);
        TestRecord<byte[], byte[]> end = tombstone(ADA.toString());
        end.headers().add(Event.HEADER_REPEATED, Facts.bytes("true"));
        feeds.posts.pipeInput(end);

        assertThat(feeds.fed()).isEmpty();
        assertThat(feeds.harness.deadLetters()).isEmpty();
    }

    private static TestRecord<byte[], byte[]> post() {
        Event event = Facts.event(EventTypes.POST_PUBLISHED, new PostPublished(POST, ADA, "x", Facts.NOW));
        return Facts.record(ADA + "/" + POST, event);
    }

    private static TestRecord<byte[], byte[]> tombstone(String key) {
        return Facts.record(key, null, new RecordHeaders());
    }
}
