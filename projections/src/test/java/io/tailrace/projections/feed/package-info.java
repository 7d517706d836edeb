/** Tests of the package of the same name. */
@NullMarked
package io.tailrace.projections.feed;

import org.jspecify.annotations.NullMarked;
