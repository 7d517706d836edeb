/** What is known of a person, and how it is written. */
@NullMarked
package io.tailrace.contracts.person;

import org.jspecify.annotations.NullMarked;
