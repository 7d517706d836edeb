/** Time series: windows of readings, the channels that carry them, and how long they are kept. Pure. */
@NullMarked
package io.tailrace.contracts.series;

import org.jspecify.annotations.NullMarked;
