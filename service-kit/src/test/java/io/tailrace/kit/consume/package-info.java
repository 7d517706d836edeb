/** Tests of the package of the same name. */
@NullMarked
package io.tailrace.kit.consume;

import org.jspecify.annotations.NullMarked;
