/** Tests. */
@NullMarked
package io.tailrace.kit.outbound;

import org.jspecify.annotations.NullMarked;
