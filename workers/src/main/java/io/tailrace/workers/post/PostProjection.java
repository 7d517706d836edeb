package io.tailrace.workers.post;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.PostPublished;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.Reading;
import io.tailrace.kit.json.Payload;
import io.tailrace.kit.json.UnreadablePayload;
import io.tailrace.workers.projection.Projection;
import java.util.UUID;

/** {@code tailrace.posts} to {@link PostChange}. */
public final class PostProjection implements Projection<PostChange> {
    @Override
    public String name() {
        return "posts";
    }

    @Override
    public String topic() {
        return Topics.POSTS;
    }

    @Override
    public Reading<PostChange> read(LogEntry entry) {
        return switch (entry) {
            case LogEntry.Tombstone tombstone ->
                new Reading.Poison<>("a record without a value: the key is the author, which is no post");
            case LogEntry.Fact fact -> read(fact.key(), fact.event());
        };
    }

    private static Reading<PostChange> read(String key, Event event) {
        if (!event.type().equals(EventTypes.POST_PUBLISHED)) {
            return new Reading.Ignored<>();
        }
        try {
            UUID authorId = Payload.uuid("key", key);
            Payload payload = Payload.parse(event.data());
            payload.requireSame("author_id", authorId);
            return new Reading.Changes<>(new PostChange.Put(post(payload)));
        } catch (UnreadablePayload e) {
            return new Reading.Poison<>(e.reason());
        }
    }

    /**
     * The post that a payload holds; a feed carries the same one.
     *
     * @throws UnreadablePayload if a field is missing or of the wrong kind
     */
    public static PostPublished post(Payload payload) throws UnreadablePayload {
        return new PostPublished(
                payload.uuid("id"), payload.uuid("author_id"), payload.text("text"), payload.instant("created_at"));
    }
}
