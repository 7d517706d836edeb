/** Tests of the package of the same name. */
@NullMarked
package io.tailrace.workers.follow;

import org.jspecify.annotations.NullMarked;
