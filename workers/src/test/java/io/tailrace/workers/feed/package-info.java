/** Tests of the package of the same name. */
@NullMarked
package io.tailrace.workers.feed;

import org.jspecify.annotations.NullMarked;
