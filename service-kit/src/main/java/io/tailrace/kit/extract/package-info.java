/**
 * The texts of files, as {@code workers} store them and {@code ingest-api} reads them: docs/files.md.
 */
@NullMarked
package io.tailrace.kit.extract;

import org.jspecify.annotations.NullMarked;
