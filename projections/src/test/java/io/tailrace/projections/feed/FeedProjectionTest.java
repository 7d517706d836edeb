package io.tailrace.projections.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.PostDeleted;
import io.tailrace.contracts.event.PostPublished;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.json.Json;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeedProjectionTest {
    private static final UUID READER = UUID.fromString("01890000-0000-7000-8000-00000000000a");
    private static final PostPublished POST = new PostPublished(
            UUID.fromString("01890000-0000-7000-8000-00000000000c"),
            UUID.fromString("01890000-0000-7000-8000-00000000000b"),
            "Hello",
            Instant.parse("2026-01-02T03:04:05Z"));

    private final FeedProjection projection =
            new FeedProjection(Namespaces.builtIn().of(new Channel("feed")).orElseThrow());

    @Test
    void aPostGoesIntoTheFeedThatTheKeyNames() {
        assertThat(projection.read(fact("feed:" + READER, "post_published")))
                .isEqualTo(new ParsedRecord.Changes<>(new FeedChange.Put(READER, POST, 7)));
    }

    @Test
    void aDeletedPostLeavesTheFeed() {
        Event event =
                new Event("e1", "post_deleted", "/test", Instant.EPOCH, null, Json.write(new PostDeleted(POST.id())));
        assertThat(projection.read(new LogEntry.Fact("feed:" + READER, event)))
                .isEqualTo(new ParsedRecord.Changes<>(new FeedChange.Drop(READER, POST.id())));
    }

    @Test
    void otherEventsOfAFeedAreIgnored() {
        assertThat(projection.read(fact("feed:" + READER, "post_liked"))).isEqualTo(new ParsedRecord.Ignored<>());
    }

    @ParameterizedTest
    @ValueSource(strings = {"feed", "feed:42", "user:01890000-0000-7000-8000-00000000000a", "", "feed:\n"})
    void aKeyThatIsNobodysFeedIsPoison(String key) {
        assertThat(projection.read(fact(key, "post_published"))).isInstanceOf(ParsedRecord.Poison.class);
    }

    private static LogEntry fact(String key, String type) {
        return new LogEntry.Fact(key, new Event("e1", type, "/test", Instant.EPOCH, null, Json.write(POST)), 7);
    }
}
