package io.tailrace.ingest.job;

import io.micronaut.core.annotation.Introspected;
import java.util.List;

/**
 * The declared queues.
 *
 * @param queues by name
 */
@Introspected
record QueuePage(List<QueueDetails> queues) {}
