/**
 * Commands whose decisions are waited for: how a request waits for what the dispatcher writes to the log, without a thread for each.
 * What is decided, and how it is answered, may not enter.
 */
@NullMarked
package io.tailrace.ingest.decision;

import org.jspecify.annotations.NullMarked;
