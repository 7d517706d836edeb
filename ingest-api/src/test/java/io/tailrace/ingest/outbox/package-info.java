/** Tests. */
@NullMarked
package io.tailrace.ingest.outbox;

import org.jspecify.annotations.NullMarked;
