/** Exports to Parquet files, written by DuckDB. */
@NullMarked
package io.tailrace.exporter.parquet;

import org.jspecify.annotations.NullMarked;
