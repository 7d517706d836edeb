package io.tailrace.ingest.lease;

import io.micronaut.core.annotation.Introspected;
import org.jspecify.annotations.Nullable;

/**
 * A sign of life of a worker, as it is described; {@link ReportReader} reads it.
 *
 * @param token of the lease
 * @param progress how far the attempt is, if there is something new
 */
@Introspected
record NewHeartbeat(long token, @Nullable Progress progress) {
    /**
     * How far an attempt is.
     *
     * @param fraction what is done, 0 to 1
     * @param message what is being done, at most 500 characters; a longer one is cut
     */
    @Introspected
    record Progress(@Nullable Double fraction, @Nullable String message) {}
}
