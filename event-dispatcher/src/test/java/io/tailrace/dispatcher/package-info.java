/**
 * The driver against what it drives: real settings, a real broker.
 */
@NullMarked
package io.tailrace.dispatcher;

import org.jspecify.annotations.NullMarked;
