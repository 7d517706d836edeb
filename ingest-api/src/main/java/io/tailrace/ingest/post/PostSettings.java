package io.tailrace.ingest.post;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * The bounds of a post. Immutable.
 *
 * @param maxTextLength the longest text, in characters; it is copied to every follower
 */
@ConfigurationProperties("tailrace.posts")
public record PostSettings(@Bindable(defaultValue = "5000") int maxTextLength) {}
