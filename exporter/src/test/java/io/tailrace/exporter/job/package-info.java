/** What a job of the type export may ask for. */
@NullMarked
package io.tailrace.exporter.job;

import org.jspecify.annotations.NullMarked;
