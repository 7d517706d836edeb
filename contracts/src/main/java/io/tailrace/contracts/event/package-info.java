/**
 * Events as CloudEvents 1.0 and the payloads that the services exchange. Names only: how they are serialised is
 * the business of the service that does it.
 */
@NullMarked
package io.tailrace.contracts.event;

import org.jspecify.annotations.NullMarked;
