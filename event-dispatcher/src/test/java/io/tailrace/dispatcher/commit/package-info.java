/** Tests of when transactions end. */
@NullMarked
package io.tailrace.dispatcher.commit;

import org.jspecify.annotations.NullMarked;
