/** The workers at work. */
@NullMarked
package io.tailrace.workers.runtime;

import org.jspecify.annotations.NullMarked;
