/** Tests. */
@NullMarked
package io.tailrace.ingest.follow;

import org.jspecify.annotations.NullMarked;
