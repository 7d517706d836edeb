/** Tests of the room of the same name. */
@NullMarked
package io.tailrace.kit.security;

import org.jspecify.annotations.NullMarked;
