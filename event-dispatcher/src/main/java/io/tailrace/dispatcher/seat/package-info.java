/**
 * Who gets which seat: the decisions, as a pure function of a show's book and a command. No Kafka, no clock: time comes
 * from the log, the book is passed in.
 */
@NullMarked
package io.tailrace.dispatcher.seat;

import org.jspecify.annotations.NullMarked;
