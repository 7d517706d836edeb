package io.tailrace.search.document;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.Reading;
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
    DocumentChange.Put document(UUID key, Payload payload, Event event) throws UnreadablePayload {
        payload.requireSame("author_id", key);
        UUID id = payload.uuid("id");
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("id", id.toString());
        fields.put("author_id", key.toString());
        fields.put("text", payload.text("text"));
        fields.put("created_at", payload.instant("created_at").toString());
        return new DocumentChange.Put(id, fields);
    }

    @Override
    Reading<DocumentChange> withoutValue(String key) {
        return new Reading.Poison<>("a record without a value: the key is the author, which is no post");
    }
}
