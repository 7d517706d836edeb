/**
 * Pages of the events of one channel: what a request for them means, reading them with a bounded amount of work, and their JSON.
 * No stream is known here.
 */
@NullMarked
package io.tailrace.edge.history;

import org.jspecify.annotations.NullMarked;
