/** Tests. */
@NullMarked
package io.tailrace.ingest.idempotency;

import org.jspecify.annotations.NullMarked;
