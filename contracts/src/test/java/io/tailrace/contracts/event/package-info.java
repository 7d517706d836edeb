/** What {@code event} promises, by example and as properties. */
@NullMarked
package io.tailrace.contracts.event;

import org.jspecify.annotations.NullMarked;
