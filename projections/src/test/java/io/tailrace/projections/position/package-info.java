/** Tests of the package of the same name. */
@NullMarked
package io.tailrace.projections.position;

import org.jspecify.annotations.NullMarked;
