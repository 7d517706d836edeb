/** Tests of pages of history. */
@NullMarked
package io.tailrace.edge.history;

import org.jspecify.annotations.NullMarked;
