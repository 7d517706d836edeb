/** What {@code access} promises, by example and as properties. */
@NullMarked
package io.tailrace.contracts.access;

import org.jspecify.annotations.NullMarked;
