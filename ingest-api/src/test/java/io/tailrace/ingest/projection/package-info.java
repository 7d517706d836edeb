/** Tests of {@code io.tailrace.ingest.projection}. */
@NullMarked
package io.tailrace.ingest.projection;

import org.jspecify.annotations.NullMarked;
