/**
 * Bridges, which copy metrics of other servers: {@code /bridges}. A bridge is a system schedule whose jobs the workers run; this package sets
 * and deletes it, and reads what the workers say about it.
 */
@NullMarked
package io.tailrace.ingest.bridge;

import org.jspecify.annotations.NullMarked;
