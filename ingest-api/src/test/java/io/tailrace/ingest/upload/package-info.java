@NullMarked
package io.tailrace.ingest.upload;

import org.jspecify.annotations.NullMarked;
