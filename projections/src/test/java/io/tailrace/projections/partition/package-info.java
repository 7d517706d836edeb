@NullMarked
package io.tailrace.projections.partition;

import org.jspecify.annotations.NullMarked;
