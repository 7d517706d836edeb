/** Tests of the package of the same name. */
@NullMarked
package io.tailrace.projections.follow;

import org.jspecify.annotations.NullMarked;
