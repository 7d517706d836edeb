/** How the workers of a process are configured, started and watched. */
@NullMarked
package io.tailrace.kit.job.config;

import org.jspecify.annotations.NullMarked;
