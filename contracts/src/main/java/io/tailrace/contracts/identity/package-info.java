/**
 * Identifiers. Randomness and time are passed in.
 */
@NullMarked
package io.tailrace.contracts.identity;

import org.jspecify.annotations.NullMarked;
