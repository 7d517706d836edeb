/** Runs exports. This package holds only how they are configured and started. */
@Configuration
@Requires(property = "tailrace.exporter.enabled", notEquals = "false")
@NullMarked
package io.tailrace.exporter;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import org.jspecify.annotations.NullMarked;
