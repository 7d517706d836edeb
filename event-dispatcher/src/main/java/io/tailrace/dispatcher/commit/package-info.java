/** When a transaction of a stream thread ends, which is when readers see what it wrote. Pure. */
@NullMarked
package io.tailrace.dispatcher.commit;

import org.jspecify.annotations.NullMarked;
