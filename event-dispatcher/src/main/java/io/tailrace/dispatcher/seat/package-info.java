/**
 * The seat topology: who gets which seat. The decisions are a pure function of a show's book and a command; Kafka Streams'
 * API may be used around them. No framework, no clock and no I/O may enter: time comes from the log, the book is passed in.
 */
@NullMarked
package io.tailrace.dispatcher.seat;

import org.jspecify.annotations.NullMarked;
