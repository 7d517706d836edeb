package io.tailrace.ingest.publish;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * The bounds of publishing to a channel. Immutable.
 *
 * @param maxEvents the most events in one request
 */
@ConfigurationProperties("tailrace.publish")
public record PublishSettings(@Bindable(defaultValue = "500") int maxEvents) {}
