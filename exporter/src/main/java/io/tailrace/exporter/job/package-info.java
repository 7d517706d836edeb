/** The type of jobs {@code export}. */
@NullMarked
package io.tailrace.exporter.job;

import org.jspecify.annotations.NullMarked;
