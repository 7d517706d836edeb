@NullMarked
package io.tailrace.projections.series;

import org.jspecify.annotations.NullMarked;
