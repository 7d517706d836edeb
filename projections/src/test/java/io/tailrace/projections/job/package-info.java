/** Tests of the package of the same name. */
@NullMarked
package io.tailrace.projections.job;

import org.jspecify.annotations.NullMarked;
