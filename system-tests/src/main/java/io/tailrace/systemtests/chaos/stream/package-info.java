/** Clients of streams that can be slow, that change their channels and tokens, and that write down what they see. */
@NullMarked
package io.tailrace.systemtests.chaos.stream;

import org.jspecify.annotations.NullMarked;
