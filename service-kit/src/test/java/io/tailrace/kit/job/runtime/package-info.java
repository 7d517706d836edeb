/** The workers at work. */
@NullMarked
package io.tailrace.kit.job.runtime;

import org.jspecify.annotations.NullMarked;
