package io.tailrace.projections.post;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.PostPublished;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.json.Payload;
import io.tailrace.kit.json.UnreadablePayload;
import io.tailrace.projections.projection.Projection;
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
    public ParsedRecord<PostChange> read(LogEntry entry) {
        try {
            return switch (entry) {
                case LogEntry.Tombstone(String key) ->
                    // The end of a key from before posts had keys of their own says nothing about a post.
                    FactKeys.namesFact(key)
                            ? new ParsedRecord.Changes<>(
                                    new PostChange.Delete(Payload.uuid("key's post", FactKeys.fact(key)), author(key)))
                            : new ParsedRecord.Ignored<>();
                case LogEntry.Fact fact -> read(fact.key(), fact.event());
            };
        } catch (UnreadablePayload e) {
            return new ParsedRecord.Poison<>(e.reason());
        }
    }

    private static ParsedRecord<PostChange> read(String key, Event event) throws UnreadablePayload {
        if (!event.type().equals(EventTypes.POST_PUBLISHED)) {
            return new ParsedRecord.Ignored<>();
        }
        Payload payload = Payload.parse(event.data());
        payload.requireSame("author_id", author(key));
        PostPublished post = post(payload);
        // A row under another id than the key's would outlive the tombstone that deletes the post.
        if (FactKeys.namesFact(key)) {
            payload.requireSame("id", Payload.uuid("key's post", FactKeys.fact(key)));
        }
        return new ParsedRecord.Changes<>(new PostChange.Put(post));
    }

    private static UUID author(String key) throws UnreadablePayload {
        return Payload.uuid("key's author", FactKeys.owner(key));
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
