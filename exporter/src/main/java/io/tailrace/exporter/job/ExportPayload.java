package io.tailrace.exporter.job;

import org.jspecify.annotations.Nullable;

/**
 * What is exported.
 *
 * @param name of the export, {@code [a-z][a-z0-9_-]{0,63}}: under it are its files and its position
 * @param source {@code readings} or the name of a namespace
 * @param from not what is before this time, RFC 3339; null for what no job of the export has exported yet
 * @param to not what is at or behind this time, RFC 3339; null for all that there is when the job begins
 * @param most so many records of each partition at the most; null for all
 * @param target {@code parquet} or {@code bigquery}; null for the first
 * @param table {@code project.dataset.table}, to which BigQuery has it written; null for files
 */
record ExportPayload(
        String name,
        String source,
        @Nullable String from,
        @Nullable String to,
        @Nullable Long most,
        @Nullable String target,
        @Nullable String table) {}
