/** Tests of bridges as they are set and read. */
@NullMarked
package io.tailrace.ingest.bridge;

import org.jspecify.annotations.NullMarked;
