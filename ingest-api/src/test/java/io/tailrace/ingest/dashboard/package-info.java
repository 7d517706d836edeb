/** Dashboards of people. */
@NullMarked
package io.tailrace.ingest.dashboard;

import org.jspecify.annotations.NullMarked;
