/** What the services that write, keep and read time series have in common. */
@NullMarked
package io.tailrace.kit.series;

import org.jspecify.annotations.NullMarked;
