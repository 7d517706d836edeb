/** Tests from outside, over the wire, against separate processes. They use the launcher and the HTTP contract alone. */
@NullMarked
package io.tailrace.systemtests;

import org.jspecify.annotations.NullMarked;
