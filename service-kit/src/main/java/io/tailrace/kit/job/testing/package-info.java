/** What tests of handlers need in the place of a worker. Nothing of it is used by a service. */
@NullMarked
package io.tailrace.kit.job.testing;

import org.jspecify.annotations.NullMarked;
