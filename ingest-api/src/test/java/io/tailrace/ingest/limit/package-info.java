/** Tests. */
@NullMarked
package io.tailrace.ingest.limit;

import org.jspecify.annotations.NullMarked;
