package io.tailrace.search.document;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.json.Payload;
import io.tailrace.kit.json.UnreadablePayload;
import io.tailrace.search.document.SearchField.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What everybody wrote. */
public final class PostIndex extends DeclaredIndex {
    /** The index of the posts in the log. */
    public PostIndex() {
        super(
                "posts",
                5,
                Topics.POSTS,
                EventTypes.POST_PUBLISHED,
                List.of(
                        new SearchField("id", Kind.ID),
                        new SearchField("author_id", Kind.ID),
                        new SearchField("text", Kind.WORDS),
                        new SearchField("created_at", Kind.TIME)),
                Set.of());
    }

    @Override
    DocumentChange.Put document(String key, Payload payload, Event event) throws UnreadablePayload {
        UUID author = Payload.uuid("key's author", FactKeys.owner(key));
        payload.requireSame("author_id", author);
        UUID id = payload.uuid("id");
        // A document under another id than the key's would outlive the tombstone that deletes the post.
        if (FactKeys.namesFact(key)) {
            payload.requireSame("id", Payload.uuid("key's post", FactKeys.fact(key)));
        }
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("id", id.toString());
        fields.put("author_id", author.toString());
        fields.put("text", payload.text("text"));
        fields.put("created_at", payload.instant("created_at").toString());
        return new DocumentChange.Put(id, fields);
    }

    @Override
    ParsedRecord<DocumentChange> withoutValue(String key) throws UnreadablePayload {
        // The end of a key from before posts had keys of their own says nothing about a post.
        return FactKeys.namesFact(key)
                ? new ParsedRecord.Changes<>(new DocumentChange.Delete(Payload.uuid("key's post", FactKeys.fact(key))))
                : new ParsedRecord.Ignored<>();
    }
}
