@NullMarked
package io.tailrace.projections.trim;

import org.jspecify.annotations.NullMarked;
