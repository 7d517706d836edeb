/** What {@code channel} promises, by example and as properties. */
@NullMarked
package io.tailrace.contracts.channel;

import org.jspecify.annotations.NullMarked;
