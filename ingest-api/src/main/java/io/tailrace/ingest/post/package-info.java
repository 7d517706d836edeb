/**
 * Writing posts. Who sees them is decided by those who read the log.
 */
@NullMarked
package io.tailrace.ingest.post;

import org.jspecify.annotations.NullMarked;
