/** Exports to tables of BigQuery, by its Storage Write API. */
@NullMarked
package io.tailrace.exporter.bigquery;

import org.jspecify.annotations.NullMarked;
