/**
 * Events that were decided together with rows of PostgreSQL, on their way to Kafka. Knows rows and records, not what they
 * say.
 */
@NullMarked
package io.tailrace.ingest.outbox;

import org.jspecify.annotations.NullMarked;
