/** Exports to BigQuery: the real client against a strict stand-in, since there is no BigQuery to be had. */
@NullMarked
package io.tailrace.exporter.bigquery;

import org.jspecify.annotations.NullMarked;
