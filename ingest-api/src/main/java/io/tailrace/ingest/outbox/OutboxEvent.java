package io.tailrace.ingest.outbox;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event that waits in PostgreSQL for its way to Kafka.
 *
 * @param eventId the event's identity; a reader that gets it twice knows it again by this
 * @param topic where it goes
 * @param partition where in the topic, or null for Kafka's own choice by the key
 * @param recordKey the record's key; events of one key are sent in the order in which they were stored
 * @param type what happened
 * @param source who says so
 * @param subject what it is about, or null
 * @param time when it happened
 * @param data JSON on one line
 */
public record OutboxEvent(
        UUID eventId,
        String topic,
        @Nullable Integer partition,
        String recordKey,
        String type,
        String source,
        @Nullable String subject,
        Instant time,
        String data) {}
