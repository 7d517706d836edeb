package io.tailrace.workers.post;

import io.tailrace.contracts.event.PostPublished;

/** What a record of {@code tailrace.posts} does to the table. */
public sealed interface PostChange {
    /**
     * The post is there.
     *
     * @param post the post
     */
    record Put(PostPublished post) implements PostChange {}
}
