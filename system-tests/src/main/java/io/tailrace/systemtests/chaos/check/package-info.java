/** Holds what clients recorded against what the log has. No clock, no thread, no Kafka and no socket enters here. */
@NullMarked
package io.tailrace.systemtests.chaos.check;

import org.jspecify.annotations.NullMarked;
