/** Tests of the package of the same name. */
@NullMarked
package io.tailrace.workers.position;

import org.jspecify.annotations.NullMarked;
