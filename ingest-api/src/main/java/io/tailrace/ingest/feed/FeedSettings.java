package io.tailrace.ingest.feed;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * The bounds of a page of a newsfeed. Immutable.
 *
 * @param defaultLimit posts on a page that names no limit
 * @param maxLimit the most posts on a page
 */
@ConfigurationProperties("tailrace.feed")
public record FeedSettings(
        @Bindable(defaultValue = "50") int defaultLimit, @Bindable(defaultValue = "200") int maxLimit) {}
