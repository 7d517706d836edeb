package io.tailrace.ingest.lease;

import io.micronaut.core.annotation.Introspected;
import java.util.UUID;

/**
 * What a report of a worker led to.
 *
 * @param id the job
 * @param state where it stands: {@code cancelled} tells its worker to stop; {@code pending} if that is not decided yet
 */
@Introspected
record AttemptAnswer(UUID id, String state) {}
