package io.tailrace.dispatcher.feed;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.PostDeleted;
import io.tailrace.contracts.event.PostPublished;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.dispatcher.poison.Fact;
import io.tailrace.dispatcher.poison.FactReader;
import io.tailrace.dispatcher.poison.Poison;
import io.tailrace.dispatcher.poison.Unsound;
import io.tailrace.kit.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What a record of {@code tailrace.posts} says. */
sealed interface PostFact extends Fact permits Post, PostFact.Known, PostFact.Forgotten {
    /** The source of what the dispatcher says by itself. */
    String SOURCE = "/tailrace/event-dispatcher";

    /** Something that was said before: a record that has got another key, or the end of its old one. */
    record Known() implements PostFact {
        @Override
        public @Nullable String derivedId() {
            return null;
        }
    }

    /** A post that was deleted before, and the log is to forget it. */
    record Forgotten() implements PostFact {
        @Override
        public @Nullable String derivedId() {
            return null;
        }
    }

    /** Reads a record: a post, a tombstone that deletes one, or something that is known. */
    static PostFact read(FactReader reader, ConsumerRecord<byte[], byte[]> record) throws Unsound {
        if (FactReader.isRepeatedTombstone(record)) {
            return new Forgotten();
        }
        if (record.headers().lastHeader(Event.HEADER_REPEATED) != null) {
            return new Known();
        }
        if (FactReader.isTombstone(record)) {
            return deletion(reader, record);
        }
        Event event = reader.event(record);
        if (!event.type().equals(EventTypes.POST_PUBLISHED)) {
            throw FactReader.unknownType(event, EventTypes.POST_PUBLISHED);
        }
        PostPublished post = FactReader.payload(event, PostPublished.class);
        UUID id = FactReader.present(post.id(), "id");
        UUID author = FactReader.present(post.authorId(), "author_id");
        FactReader.require(post.text(), "text");
        FactReader.require(post.createdAt(), "created_at");
        reader.place(record, key(record, author, id), author.toString());
        Event delivered =
                new Event(id.toString(), event.type(), event.source(), event.time(), event.subject(), event.data());
        return new Post(id, author, delivered);
    }

    /** The author alone was the key before posts could be deleted. */
    private static String key(ConsumerRecord<byte[], byte[]> record, UUID author, UUID post) {
        @Nullable String key = FactReader.key(record);
        return key == null || FactKeys.namesFact(key) ? FactKeys.of(author, post) : author.toString();
    }

    private static PostFact deletion(FactReader reader, ConsumerRecord<byte[], byte[]> record) throws Unsound {
        @Nullable String key = FactReader.key(record);
        if (key == null || !FactKeys.namesFact(key)) {
            throw new Unsound(Poison.Kind.NULL_VALUE, "the value is null, and the key is not author/post");
        }
        UUID author = uuid(FactKeys.owner(key));
        UUID post = uuid(FactKeys.fact(key));
        reader.place(record, FactKeys.of(author, post), author.toString());
        // The same for every tombstone of a post, so that a second one is known again.
        UUID id = UUID.nameUUIDFromBytes((EventTypes.POST_DELETED + '/' + post).getBytes(StandardCharsets.UTF_8));
        Event event = new Event(
                id.toString(),
                EventTypes.POST_DELETED,
                SOURCE,
                Instant.ofEpochMilli(record.timestamp()),
                author.toString(),
                Json.write(new PostDeleted(post)));
        return new Post(id, author, event);
    }

    private static UUID uuid(String text) throws Unsound {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new Unsound(Poison.Kind.KEY, "the key of a tombstone is not two UUIDs");
        }
    }
}
