/** Tests of the room of the same name. */
@NullMarked
package io.tailrace.edge.http;

import org.jspecify.annotations.NullMarked;
