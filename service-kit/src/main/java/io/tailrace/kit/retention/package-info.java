/** How long the parts of the platform keep what they derive from the log, where several services must agree about it. */
@NullMarked
package io.tailrace.kit.retention;

import org.jspecify.annotations.NullMarked;
