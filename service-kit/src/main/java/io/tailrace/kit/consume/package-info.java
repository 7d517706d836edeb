/**
 * What every loop that copies the log somewhere shares: waits between attempts, dead letters, the identity of a topic,
 * and how the loop is. The loops themselves are the services'.
 */
@NullMarked
package io.tailrace.kit.consume;

import org.jspecify.annotations.NullMarked;
