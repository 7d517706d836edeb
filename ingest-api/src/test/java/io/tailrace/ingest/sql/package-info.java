/** Tests. */
@NullMarked
package io.tailrace.ingest.sql;

import org.jspecify.annotations.NullMarked;
