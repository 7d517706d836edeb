/** Exports to files, of a real broker, with kills. */
@NullMarked
package io.tailrace.exporter.parquet;

import org.jspecify.annotations.NullMarked;
