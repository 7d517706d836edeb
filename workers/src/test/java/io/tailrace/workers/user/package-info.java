/** Tests of the package of the same name. */
@NullMarked
package io.tailrace.workers.user;

import org.jspecify.annotations.NullMarked;
