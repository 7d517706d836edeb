@NullMarked
package io.tailrace.contracts.webhook;

import org.jspecify.annotations.NullMarked;
