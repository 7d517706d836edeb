/**
 * The service that accepts writes, validates them, appends them to Kafka and answers. Holds its start and nothing else;
 * what it does is in the packages below.
 */
@Configuration
@Requires(property = "tailrace.ingest.enabled", notEquals = "false")
@NullMarked
package io.tailrace.ingest;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;
import org.jspecify.annotations.NullMarked;
