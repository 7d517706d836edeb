/** Tests. */
@NullMarked
package io.tailrace.ingest.erasure;

import org.jspecify.annotations.NullMarked;
