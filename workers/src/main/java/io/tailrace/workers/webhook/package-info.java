/**
 * Jobs of the type {@code webhook}: one event to one endpoint, as Standard Webhooks 1.0 has it. Endpoints are read from PostgreSQL, where
 * {@code ingest-api} keeps them.
 */
@NullMarked
package io.tailrace.workers.webhook;

import org.jspecify.annotations.NullMarked;
