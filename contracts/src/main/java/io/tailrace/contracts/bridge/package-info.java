/** Bridges: which metrics of other servers are copied into the log, as the API, the log and the workers say it. */
@NullMarked
package io.tailrace.contracts.bridge;

import org.jspecify.annotations.NullMarked;
