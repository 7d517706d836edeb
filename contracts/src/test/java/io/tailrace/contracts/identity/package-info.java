/** What {@code identity} promises, by example and as properties. */
@NullMarked
package io.tailrace.contracts.identity;

import org.jspecify.annotations.NullMarked;
