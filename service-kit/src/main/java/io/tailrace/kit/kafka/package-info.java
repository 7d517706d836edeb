/**
 * What every service needs to speak to the log: settings of the clients, events as records and back, the topics that
 * must exist, and the form of a dead letter. No consumer loop, no business.
 */
@NullMarked
package io.tailrace.kit.kafka;

import org.jspecify.annotations.NullMarked;
