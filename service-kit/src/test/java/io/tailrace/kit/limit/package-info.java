/** Tests. */
@NullMarked
package io.tailrace.kit.limit;

import org.jspecify.annotations.NullMarked;
