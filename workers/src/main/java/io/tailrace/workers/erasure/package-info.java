/** The type of jobs {@code erase}: a person is erased, and the job says how far that is. The steps are made by ingest-api. */
@NullMarked
package io.tailrace.workers.erasure;

import org.jspecify.annotations.NullMarked;
