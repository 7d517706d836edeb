@NullMarked
package io.tailrace.workers.webhook;

import org.jspecify.annotations.NullMarked;
