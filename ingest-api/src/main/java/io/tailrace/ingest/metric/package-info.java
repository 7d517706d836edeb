/**
 * Metrics and their readings: writes to the log, and reading a metric back from its projection.
 */
@NullMarked
package io.tailrace.ingest.metric;

import org.jspecify.annotations.NullMarked;
