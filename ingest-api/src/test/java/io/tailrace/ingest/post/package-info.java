/** Tests. */
@NullMarked
package io.tailrace.ingest.post;

import org.jspecify.annotations.NullMarked;
