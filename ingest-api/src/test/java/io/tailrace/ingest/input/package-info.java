/** Tests. */
@NullMarked
package io.tailrace.ingest.input;

import org.jspecify.annotations.NullMarked;
