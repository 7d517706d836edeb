package io.tailrace.ingest.seat;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * The bounds of reserving seats. Immutable.
 *
 * @param defaultWait how long a request waits for its decision if it does not say ({@code Prefer: wait=N}); then it is answered 202
 * @param maxWait the longest wait that a request may ask for
 * @param maxWaiting requests that may wait for decisions at a time; one more is answered 503 at once
 * @param maxSeats the most seats in one request
 * @param knownReservations of how many reservations it is remembered which show they belong to, so that most
 *     confirmations need not ask PostgreSQL
 * @param readyTimeout how long a request waits, while the service starts, until the log's end is known
 * @param mapWait how long a seat map waits until its copy has come to the cursor that was asked for; then it is answered 503
 * @param pollRecords the most decisions that are taken from the log at a time
 */
@ConfigurationProperties("tailrace.seats")
public record SeatSettings(
        @Bindable(defaultValue = "2s") Duration defaultWait,
        @Bindable(defaultValue = "30s") Duration maxWait,
        @Bindable(defaultValue = "20000") int maxWaiting,
        @Bindable(defaultValue = "100") int maxSeats,
        @Bindable(defaultValue = "100000") int knownReservations,
        @Bindable(defaultValue = "2s") Duration readyTimeout,
        @Bindable(defaultValue = "2s") Duration mapWait,
        @Bindable(defaultValue = "2000") int pollRecords) {}
