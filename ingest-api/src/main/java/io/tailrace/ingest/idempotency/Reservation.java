package io.tailrace.ingest.idempotency;

import io.tailrace.ingest.log.Earlier;
import org.jspecify.annotations.Nullable;

/** What became of asking for an idempotency key. */
sealed interface Reservation {
    /** The request is to be made, for the first time. */
    record First(Stamp stamp) implements Reservation {}

    /** The request is to be made again, because what became of it is not known. */
    record Again(Stamp stamp, Earlier earlier) implements Reservation {}

    /** The request has its answer. */
    record Answered(int status, @Nullable String body) implements Reservation {}

    /** The request is being made at this moment. */
    record Running() implements Reservation {}

    /** The key is of another request. */
    record OtherRequest() implements Reservation {}
}
