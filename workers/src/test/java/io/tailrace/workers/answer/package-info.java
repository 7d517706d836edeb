@NullMarked
package io.tailrace.workers.answer;

import org.jspecify.annotations.NullMarked;
