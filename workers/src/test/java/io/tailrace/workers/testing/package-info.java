/** What the tests of the workers share: a broker, the dispatcher that decides, and workers with handlers of a test. */
@NullMarked
package io.tailrace.workers.testing;

import org.jspecify.annotations.NullMarked;
