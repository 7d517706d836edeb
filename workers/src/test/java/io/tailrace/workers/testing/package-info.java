/**
 * What the tests of the workers stand on: a real broker, a real PostgreSQL, and waiting for what can be observed.
 */
@NullMarked
package io.tailrace.workers.testing;

import org.jspecify.annotations.NullMarked;
