/**
 * What an export is: which records, in which rows and files. The plan, the rows and where files end are pure; {@code LogRanges} reads the log, and what
 * writes files is in other packages.
 */
@NullMarked
package io.tailrace.exporter.export;

import org.jspecify.annotations.NullMarked;
