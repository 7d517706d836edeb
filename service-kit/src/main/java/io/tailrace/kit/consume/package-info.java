/**
 * What every loop that copies the log somewhere shares: waits between attempts, dead letters, the identity of a topic,
 * how the loop is, and what keeps it going. What a loop does is the services' own.
 */
@NullMarked
package io.tailrace.kit.consume;

import org.jspecify.annotations.NullMarked;
