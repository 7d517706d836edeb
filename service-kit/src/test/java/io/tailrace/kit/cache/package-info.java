/** Tests. */
@NullMarked
package io.tailrace.kit.cache;

import org.jspecify.annotations.NullMarked;
