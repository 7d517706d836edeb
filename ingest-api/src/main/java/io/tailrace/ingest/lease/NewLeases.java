package io.tailrace.ingest.lease;

import io.micronaut.core.annotation.Introspected;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request for leases, as it is described; {@link LeaseRequest} reads it.
 *
 * @param types of jobs that the worker runs, 1 to 32
 * @param worker names the process, 1 to 100 characters; the subject of the token if it is missing
 * @param limit the most leases that it has places for, 1 if it is missing
 * @param waitSeconds how long to wait for a job, 20 if it is missing
 */
@Introspected
record NewLeases(List<String> types, @Nullable String worker, @Nullable Integer limit, @Nullable Integer waitSeconds) {}
