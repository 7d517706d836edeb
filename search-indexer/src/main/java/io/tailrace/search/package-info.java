/**
 * From the log to Elasticsearch, and the search API. Here is only how it is configured, started and watched.
 */
@Configuration
@Requires(property = "tailrace.search.enabled", notEquals = "false")
@NullMarked
package io.tailrace.search;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import org.jspecify.annotations.NullMarked;
