package io.tailrace.dispatcher.feed;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.PostPublished;
import io.tailrace.dispatcher.poison.Fact;
import io.tailrace.dispatcher.poison.FactReader;
import io.tailrace.dispatcher.poison.Unsound;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a record of {@code tailrace.posts} says.
 *
 * @param id the post's id
 * @param author who wrote it
 * @param event the event as it is delivered: its id is the post's, so that a post that was written twice is the same
 *     event twice
 */
record Post(UUID id, UUID author, Event event) implements Fact {
    /** Reads a record. */
    static Post read(FactReader reader, ConsumerRecord<byte[], byte[]> record) throws Unsound {
        Event event = reader.event(record);
        if (!event.type().equals(EventTypes.POST_PUBLISHED)) {
            throw FactReader.unknownType(event, EventTypes.POST_PUBLISHED);
        }
        PostPublished post = FactReader.payload(event, PostPublished.class);
        UUID id = FactReader.present(post.id(), "id");
        UUID author = FactReader.present(post.authorId(), "author_id");
        FactReader.require(post.text(), "text");
        FactReader.require(post.createdAt(), "created_at");
        reader.place(record, author.toString(), author.toString());
        Event delivered =
                new Event(id.toString(), event.type(), event.source(), event.time(), event.subject(), event.data());
        return new Post(id, author, delivered);
    }

    @Override
    public String derivedId() {
        return event.id();
    }
}
