package io.tailrace.projections.post;

import io.tailrace.contracts.event.PostPublished;
import java.util.UUID;

/** What a record of {@code tailrace.posts} does to the tables. */
public sealed interface PostChange {
    /** The post's id. */
    UUID id();

    /**
     * The post is there.
     *
     * @param post the post
     */
    record Put(PostPublished post) implements PostChange {
        @Override
        public UUID id() {
            return post.id();
        }
    }

    /**
     * The post is no longer there.
     *
     * @param id which
     * @param authorId who wrote it
     */
    record Delete(UUID id, UUID authorId) implements PostChange {}
}
