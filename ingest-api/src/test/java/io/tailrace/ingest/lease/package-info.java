@NullMarked
package io.tailrace.ingest.lease;

import org.jspecify.annotations.NullMarked;
