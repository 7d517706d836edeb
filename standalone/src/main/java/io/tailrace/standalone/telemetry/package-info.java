/**
 * Real input: this machine's own readings, published through the public write API as any client would. Nothing here knows
 * a class of a service.
 */
@NullMarked
package io.tailrace.standalone.telemetry;

import org.jspecify.annotations.NullMarked;
