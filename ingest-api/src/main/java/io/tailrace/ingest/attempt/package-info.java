/**
 * How often somebody may guess a password. Knows attempts and their outcome; whether an account exists, and what its
 * password is, may not enter.
 */
@NullMarked
package io.tailrace.ingest.attempt;

import org.jspecify.annotations.NullMarked;
