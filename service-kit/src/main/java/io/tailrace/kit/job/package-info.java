/** What a handler of jobs sees: its job, and what it may say while it works. */
@NullMarked
package io.tailrace.kit.job;

import org.jspecify.annotations.NullMarked;
