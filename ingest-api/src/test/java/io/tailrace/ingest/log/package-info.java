/** Tests. */
@NullMarked
package io.tailrace.ingest.log;

import org.jspecify.annotations.NullMarked;
