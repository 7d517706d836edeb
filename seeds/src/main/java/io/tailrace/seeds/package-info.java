/**
 * Streams a large demo set into the log and the accounts. Here are the connections; what the set consists of is in {@code
 * crowd}.
 */
@NullMarked
package io.tailrace.seeds;

import org.jspecify.annotations.NullMarked;
