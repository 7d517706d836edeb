/**
 * Shows, seats and reservations as the services talk about them: commands that ask, decisions that answer. Names and
 * shapes only; who decides, and how, is in the dispatcher.
 */
@NullMarked
package io.tailrace.contracts.seat;

import org.jspecify.annotations.NullMarked;
