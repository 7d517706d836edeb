/** Incidents: who has to be told of one, and what. The telling is done by jobs. */
@NullMarked
package io.tailrace.ingest.incident;

import org.jspecify.annotations.NullMarked;
