package io.tailrace.ingest.lease;

import io.micronaut.core.annotation.Introspected;
import java.util.List;

/**
 * The answer to a request for leases.
 *
 * @param leases the jobs; empty if there was none in the time that the request would wait
 */
@Introspected
record LeaseAnswer(List<Lease> leases) {}
