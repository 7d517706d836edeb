/**
 * What a channel is called, which namespace it belongs to and which partition it lives in. Pure: nothing here
 * reads a clock, a network or a log.
 */
@NullMarked
package io.tailrace.contracts.channel;

import org.jspecify.annotations.NullMarked;
