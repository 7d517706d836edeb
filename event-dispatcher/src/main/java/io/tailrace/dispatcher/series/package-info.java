/**
 * The series topology: readings become windows at several resolutions, which are told on the channels of their metrics. Kafka Streams'
 * API may be used here; no framework, no clock and no I/O may enter.
 */
@NullMarked
package io.tailrace.dispatcher.series;

import org.jspecify.annotations.NullMarked;
