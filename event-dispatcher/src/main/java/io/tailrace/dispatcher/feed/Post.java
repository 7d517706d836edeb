package io.tailrace.dispatcher.feed;

import io.tailrace.contracts.event.Event;
import java.util.UUID;

/**
 * What an author's followers are told: a post, or that one was deleted.
 *
 * @param id by which it is known again when it comes twice: the post's id, or one made of it for its deletion
 * @param author who wrote it
 * @param event the event as it is delivered; its id is {@code id}, so that what was written twice is the same event twice
 */
record Post(UUID id, UUID author, Event event) implements PostFact {
    @Override
    public String derivedId() {
        return event.id();
    }
}
