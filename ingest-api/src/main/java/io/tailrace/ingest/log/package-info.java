/**
 * Appending events to Kafka: the one producer of this service, its bounds, and what a broker's answer means. No HTTP, no
 * SQL, and no knowledge of what the events say.
 */
@NullMarked
package io.tailrace.ingest.log;

import org.jspecify.annotations.NullMarked;
