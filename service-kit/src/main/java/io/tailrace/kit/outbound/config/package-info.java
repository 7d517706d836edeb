/** How outbound HTTP is configured, and the one client of a process. */
@NullMarked
package io.tailrace.kit.outbound.config;

import org.jspecify.annotations.NullMarked;
