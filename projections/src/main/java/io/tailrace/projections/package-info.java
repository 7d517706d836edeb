/**
 * Copies of the log: projections to PostgreSQL and Redis. This package holds only how they are configured, started and watched.
 */
@Configuration
@Requires(property = "tailrace.projections.enabled", notEquals = "false")
@NullMarked
package io.tailrace.projections;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import org.jspecify.annotations.NullMarked;
