package io.tailrace.ingest.post;

import io.micronaut.core.annotation.Introspected;
import org.jspecify.annotations.Nullable;

/**
 * A request to post.
 *
 * @param text what it says
 */
@Introspected
record NewPost(@Nullable String text) {}
