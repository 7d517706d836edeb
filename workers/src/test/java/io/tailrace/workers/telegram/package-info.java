@NullMarked
package io.tailrace.workers.telegram;

import org.jspecify.annotations.NullMarked;
