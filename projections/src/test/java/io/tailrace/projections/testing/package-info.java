/**
 * What the tests of the projections stand on: a real broker, a real PostgreSQL, and waiting for what can be observed.
 */
@NullMarked
package io.tailrace.projections.testing;

import org.jspecify.annotations.NullMarked;
