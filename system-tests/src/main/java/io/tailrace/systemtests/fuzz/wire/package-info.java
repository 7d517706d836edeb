/** Sends bytes as they are and reads what comes back by the letter of the protocols, stricter than clients do. */
@NullMarked
package io.tailrace.systemtests.fuzz.wire;

import org.jspecify.annotations.NullMarked;
