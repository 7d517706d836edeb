/** The workers as they run: the whole application on real servers. */
@NullMarked
package io.tailrace.workers;

import org.jspecify.annotations.NullMarked;
