@NullMarked
package io.tailrace.ingest.series;

import org.jspecify.annotations.NullMarked;
