@NullMarked
package io.tailrace.workers.trim;

import org.jspecify.annotations.NullMarked;
