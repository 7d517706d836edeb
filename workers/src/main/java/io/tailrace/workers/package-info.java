/** The types of jobs that ship with Tailrace and need nothing but what every service has. What runs them is in the kit. */
@Configuration
@Requires(property = "tailrace.workers.enabled", notEquals = "false")
@NullMarked
package io.tailrace.workers;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import org.jspecify.annotations.NullMarked;
