/**
 * Background work from the log: projections to PostgreSQL. Here is only how they are configured, started and watched.
 */
@Configuration
@Requires(property = "tailrace.workers.enabled", notEquals = "false")
@NullMarked
package io.tailrace.workers;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import org.jspecify.annotations.NullMarked;
