/** Tests of the package of the same name. */
@NullMarked
package io.tailrace.projections.user;

import org.jspecify.annotations.NullMarked;
