/**
 * The type of jobs {@code extract}: the text of a file is read by a process of its own and kept beside the file: docs/files.md,
 * docs/decisions/0087.
 */
@NullMarked
package io.tailrace.workers.extract;

import org.jspecify.annotations.NullMarked;
