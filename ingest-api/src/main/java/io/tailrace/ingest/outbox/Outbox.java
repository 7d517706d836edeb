package io.tailrace.ingest.outbox;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where events are stored in the transaction that decides them. An event whose transaction commits will be in the log,
 * whatever dies in between; one whose transaction rolls back never happened.
 *
 * <p>Order: events of one key are sent in the order of their rows. Two transactions that store events of the same key at
 * the same time have no order of their own; a caller to whom it matters locks a row of that key first.
 */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
public interface Outbox extends GenericRepository<OutboxRow, Long> {
    /** The channel of PostgreSQL's NOTIFY on which the relay is woken when a transaction with events commits. */
    String WAKE_CHANNEL = "tailrace_outbox";

    /** Stores an event; to be called within the transaction that decides it. */
    default void store(OutboxEvent event) {
        insert(
                event.eventId(),
                event.topic(),
                event.partition(),
                event.recordKey(),
                event.type(),
                event.source(),
                event.subject(),
                event.time(),
                event.data());
        wake();
    }

    /** One row. */
    @Query("insert into outbox (event_id, topic, partition, record_key, type, source, subject, time, data)"
            + " values (:eventId, :topic, :partition, :recordKey, :type, :source, :subject, :time, :data)")
    void insert(
            UUID eventId,
            String topic,
            @Nullable Integer partition,
            String recordKey,
            String type,
            String source,
            @Nullable String subject,
            Instant time,
            String data);

    /** Wakes the relay, wherever it runs, when the transaction commits and not before. */
    @Query("select cast(pg_notify('" + WAKE_CHANNEL + "', '') as text)")
    String wake();
}
