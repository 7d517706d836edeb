/**
 * Shows: offering one, and reading it back. Their seats, and who has them, are the neighbour's.
 */
@NullMarked
package io.tailrace.ingest.show;

import org.jspecify.annotations.NullMarked;
