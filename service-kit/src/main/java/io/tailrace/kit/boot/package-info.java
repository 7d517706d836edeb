/**
 * How a service starts: where its settings come from and in which order. No bean of a service.
 */
@NullMarked
package io.tailrace.kit.boot;

import org.jspecify.annotations.NullMarked;
