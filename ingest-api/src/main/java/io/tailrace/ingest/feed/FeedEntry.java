package io.tailrace.ingest.feed;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.time.Instant;
import java.util.UUID;

/**
 * A post in somebody's newsfeed, as the projection holds it.
 *
 * @param postId the post
 * @param userId in whose feed it is
 * @param authorId who wrote it
 * @param text what it says
 * @param createdAt when it was written
 * @param logOffset its place in the channel of the feed
 */
@MappedEntity("feed_entries")
record FeedEntry(@Id UUID postId, UUID userId, UUID authorId, String text, Instant createdAt, long logOffset) {}
