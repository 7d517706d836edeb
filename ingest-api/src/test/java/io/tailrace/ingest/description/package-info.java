/** Tests. */
@NullMarked
package io.tailrace.ingest.description;

import org.jspecify.annotations.NullMarked;
