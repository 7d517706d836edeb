/** {@code ./tailrace chaos}: lets a seeded schedule happen to a running Tailrace and proves what its clients received. */
@NullMarked
package io.tailrace.systemtests.chaos;

import org.jspecify.annotations.NullMarked;
