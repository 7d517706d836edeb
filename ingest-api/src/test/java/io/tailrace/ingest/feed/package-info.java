/** Tests. */
@NullMarked
package io.tailrace.ingest.feed;

import org.jspecify.annotations.NullMarked;
