/** Tests. */
@NullMarked
package io.tailrace.ingest.token;

import org.jspecify.annotations.NullMarked;
