package io.tailrace.ingest.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a request about many jobs led to.
 *
 * @param action what was to be done
 * @param matched how many jobs were named or found
 * @param done of how many it is done
 * @param pending how many commands are in the log and not decided yet
 * @param refused the jobs of which it is not done
 * @param next the {@code before} of the next request with the same filter, or null if the filter found no more
 */
@Introspected
record BulkAnswer(String action, int matched, int done, int pending, List<Refusal> refused, @Nullable String next) {
    /**
     * A job of which it is not done.
     *
     * @param id the job
     * @param reason {@code not_found}, {@code wrong_state}, {@code unique_key_taken} or {@code unavailable}; the last one may be
     *     tried again
     * @param state where the job stands, if that is known
     */
    @Introspected
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Refusal(UUID id, String reason, @Nullable String state) {}
}
