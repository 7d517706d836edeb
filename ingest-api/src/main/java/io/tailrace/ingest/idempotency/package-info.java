/**
 * The same request twice gives one effect and one answer: keys, leases and stored answers. Knows nothing of what a
 * request does.
 */
@NullMarked
package io.tailrace.ingest.idempotency;

import org.jspecify.annotations.NullMarked;
