/** What {@code topic} promises, by example and as properties. */
@NullMarked
package io.tailrace.contracts.topic;

import org.jspecify.annotations.NullMarked;
