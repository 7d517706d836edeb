@NullMarked
package io.tailrace.workers.forget;

import org.jspecify.annotations.NullMarked;
