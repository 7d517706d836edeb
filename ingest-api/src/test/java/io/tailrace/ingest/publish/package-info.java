/** Tests. */
@NullMarked
package io.tailrace.ingest.publish;

import org.jspecify.annotations.NullMarked;
