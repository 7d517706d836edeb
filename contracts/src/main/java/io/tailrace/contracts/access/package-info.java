/**
 * Who may subscribe to and publish on which channel. Pure decisions over values; verifying a token happens
 * elsewhere.
 */
@NullMarked
package io.tailrace.contracts.access;

import org.jspecify.annotations.NullMarked;
