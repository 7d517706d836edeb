package io.tailrace.ingest.idempotency;

import io.tailrace.ingest.log.Earlier;
import org.jspecify.annotations.Nullable;

/** What became of asking for an idempotency key. */
sealed interface KeyClaim {
    /** The request is to be made, for the first time. */
    record First(Stamp stamp) implements KeyClaim {}

    /** The request is to be made again, because what became of it is not known. */
    record Again(Stamp stamp, Earlier earlier) implements KeyClaim {}

    /** The request has its answer. */
    record Answered(int status, @Nullable String body) implements KeyClaim {}

    /** The request is being made at this moment. */
    record Running() implements KeyClaim {}

    /** The key is of another request. */
    record OtherRequest() implements KeyClaim {}
}
