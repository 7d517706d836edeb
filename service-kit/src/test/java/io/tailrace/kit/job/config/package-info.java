/** The schedules that a process sets when it starts. */
@NullMarked
package io.tailrace.kit.job.config;

import org.jspecify.annotations.NullMarked;
