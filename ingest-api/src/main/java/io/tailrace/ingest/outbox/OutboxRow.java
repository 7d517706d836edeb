package io.tailrace.ingest.outbox;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.util.UUID;

/**
 * The identity of a stored event.
 *
 * @param id its place in the order of sending
 * @param eventId the event's id
 */
@MappedEntity("outbox")
record OutboxRow(@Id Long id, UUID eventId) {}
