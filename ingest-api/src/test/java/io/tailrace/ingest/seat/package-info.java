/** Tests of the package of the same name. */
@NullMarked
package io.tailrace.ingest.seat;

import org.jspecify.annotations.NullMarked;
