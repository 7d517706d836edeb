/**
 * What the tests share: facts as records, and the driver of a topology. No test.
 */
@NullMarked
package io.tailrace.dispatcher.testing;

import org.jspecify.annotations.NullMarked;
