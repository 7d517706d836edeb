/** Tests. */
@NullMarked
package io.tailrace.ingest.erasure.check;

import org.jspecify.annotations.NullMarked;
