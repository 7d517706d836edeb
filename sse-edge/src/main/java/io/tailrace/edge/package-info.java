/**
 * The edge: delivers channels to many connections. This room wires the others together and holds the settings; nothing
 * is decided here.
 */
@NullMarked
@Configuration
@Requires(property = "tailrace.edge.enabled", notEquals = "false")
package io.tailrace.edge;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import org.jspecify.annotations.NullMarked;
