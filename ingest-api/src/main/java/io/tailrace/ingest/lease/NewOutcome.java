package io.tailrace.ingest.lease;

import io.micronaut.core.annotation.Introspected;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended, as it is described; {@link ReportReader} reads it.
 *
 * @param token of the lease
 * @param outcome {@code succeeded}, {@code failed} or {@code handed_back}
 * @param result of one that succeeded: any JSON of at most 65,536 bytes
 * @param error of one that failed
 * @param giveUp of one that failed: whether no further attempt can succeed
 * @param retryAfterSeconds of one that failed or was handed back: the next attempt is not before so long
 */
@Introspected
record NewOutcome(
        long token,
        String outcome,
        @Schema(implementation = Object.class) @Nullable Object result,
        @Nullable Failure error,
        @Nullable Boolean giveUp,
        @Nullable Integer retryAfterSeconds) {
    /**
     * Why an attempt failed.
     *
     * @param type names the error for programs, at most 200 characters; a longer one is cut
     * @param message says it to people, at most 8,000 characters; a longer one is cut
     */
    @Introspected
    record Failure(String type, @Nullable String message) {}
}
