/** Tests. */
@NullMarked
package io.tailrace.ingest.rekey;

import org.jspecify.annotations.NullMarked;
