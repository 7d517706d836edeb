@NullMarked
package io.tailrace.workers.email;

import org.jspecify.annotations.NullMarked;
