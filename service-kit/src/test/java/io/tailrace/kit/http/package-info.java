/** Tests of the room of the same name. */
@NullMarked
package io.tailrace.kit.http;

import org.jspecify.annotations.NullMarked;
