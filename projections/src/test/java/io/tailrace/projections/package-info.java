/** The projections as they run: the whole application on real servers. */
@NullMarked
package io.tailrace.projections;

import org.jspecify.annotations.NullMarked;
