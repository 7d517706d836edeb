/**
 * The feed topology: follows and posts become one record per follower. Kafka Streams' API may be used here; no
 * framework, no clock and no I/O may enter: state stores and forwards are handed in by Streams.
 */
@NullMarked
package io.tailrace.dispatcher.feed;

import org.jspecify.annotations.NullMarked;
