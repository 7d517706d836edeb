package io.tailrace.ingest.feed;

import io.micronaut.core.annotation.Introspected;
import io.tailrace.contracts.event.PostPublished;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a newsfeed.
 *
 * @param posts the newest first
 * @param next the value of {@code before} that gets the next page, or null after the last one
 */
@Introspected
record FeedPage(List<PostPublished> posts, @Nullable String next) {}
