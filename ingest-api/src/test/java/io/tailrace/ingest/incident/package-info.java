@NullMarked
package io.tailrace.ingest.incident;

import org.jspecify.annotations.NullMarked;
