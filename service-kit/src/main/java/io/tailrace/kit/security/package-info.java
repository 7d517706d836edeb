/**
 * Who is calling: tokens, the keys that verify them, and the caller as a controller's argument. Deciding what a caller
 * may do belongs to {@code contracts.access} and to the services.
 */
@NullMarked
package io.tailrace.kit.security;

import org.jspecify.annotations.NullMarked;
