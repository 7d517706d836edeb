/** Runs jobs. This package holds only how the workers are configured, started and watched; nothing is run or decided here. */
@Configuration
@Requires(property = "tailrace.workers.enabled", notEquals = "false")
@NullMarked
package io.tailrace.workers;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import org.jspecify.annotations.NullMarked;
