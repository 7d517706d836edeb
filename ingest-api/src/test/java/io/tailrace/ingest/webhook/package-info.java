@NullMarked
package io.tailrace.ingest.webhook;

import org.jspecify.annotations.NullMarked;
