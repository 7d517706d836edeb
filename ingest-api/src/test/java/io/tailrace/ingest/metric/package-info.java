/** Tests. */
@NullMarked
package io.tailrace.ingest.metric;

import org.jspecify.annotations.NullMarked;
