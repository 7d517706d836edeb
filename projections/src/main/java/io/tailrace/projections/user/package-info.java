/**
 * {@code tailrace.users} as the table {@code users}: who is registered, until a tombstone erases the person.
 */
@NullMarked
package io.tailrace.projections.user;

import org.jspecify.annotations.NullMarked;
