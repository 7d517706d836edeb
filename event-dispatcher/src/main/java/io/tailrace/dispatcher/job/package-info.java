/**
 * The job topology: which job runs next. The decisions are a pure function of a book, a command and a time; Kafka Streams' API
 * may be used around them. No framework, no clock and no I/O may enter: time comes from the log, the book is passed in.
 */
@NullMarked
package io.tailrace.dispatcher.job;

import org.jspecify.annotations.NullMarked;
