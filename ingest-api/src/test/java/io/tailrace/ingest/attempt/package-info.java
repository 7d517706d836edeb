/** Tests. */
@NullMarked
package io.tailrace.ingest.attempt;

import org.jspecify.annotations.NullMarked;
