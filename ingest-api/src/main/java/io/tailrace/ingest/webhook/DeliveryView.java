package io.tailrace.ingest.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way to an endpoint, or delivered.
 *
 * @param id the job, which is also the {@code webhook-id} unless the event was sent again
 * @param state the job's state
 * @param enqueuedAt when the event was handed over
 * @param nextAttemptAt when the next attempt may begin; missing if there will be none, or one is under way
 * @param finishedAt when it was delivered or given up
 * @param skipped why the event was not sent; missing if it was
 * @param attempts in their order
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
record DeliveryView(
        UUID id,
        String state,
        Instant enqueuedAt,
        @Nullable Instant nextAttemptAt,
        @Nullable Instant finishedAt,
        @Nullable String skipped,
        List<Attempt> attempts) {
    /** The types of errors that are statuses begin so. */
    private static final String HTTP = "http_";

    private static final Set<String> WAITING = Set.of("scheduled", "ready", "retrying");

    /**
     * An attempt.
     *
     * @param attempt which one, from 1
     * @param startedAt when it began
     * @param durationMs how long the request took; of a failed attempt, how long the attempt took
     * @param outcome {@code succeeded}, {@code failed}, {@code handed_back} or {@code cancelled}; missing while it runs
     * @param status what the endpoint answered; missing if it did not
     * @param error the type of the error
     * @param answer the beginning of the endpoint's answer, or why there was none
     */
    @Introspected
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Attempt(
            int attempt,
            @Nullable Instant startedAt,
            @Nullable Long durationMs,
            @Nullable String outcome,
            @Nullable Integer status,
            @Nullable String error,
            @Nullable String answer) {}

    /** An attempt as the query gives it. */
    @Introspected
    record Stored(
            int attempt,
            @Nullable Instant startedAt,
            @Nullable Long durationMs,
            @Nullable String outcome,
            @Nullable String errorType,
            @Nullable String errorMessage) {}

    /** What a worker has said of a success. */
    @Introspected
    record Result(
            @Nullable Integer status, @Nullable Long durationMs, @Nullable String answer, @Nullable String skipped) {}

    static DeliveryView of(DeliveryRow row) {
        Result result = result(row.result());
        Stored[] stored = stored(row.attempts());
        return new DeliveryView(
                row.id(),
                row.state(),
                row.enqueuedAt(),
                WAITING.contains(row.state()) ? row.runAt() : null,
                row.finishedAt(),
                result == null ? null : result.skipped(),
                Arrays.stream(stored).map(each -> attempt(each, result)).toList());
    }

    /** What a worker has said, or null if that is something else: a worker may be in any language. */
    private static @Nullable Result result(@Nullable String json) {
        try {
            return json == null ? null : Json.read(json.getBytes(StandardCharsets.UTF_8), Result.class);
        } catch (IOException e) {
            return null;
        }
    }

    private static Attempt attempt(Stored stored, @Nullable Result result) {
        if ("succeeded".equals(stored.outcome()) && result != null) {
            return new Attempt(
                    stored.attempt(),
                    stored.startedAt(),
                    result.durationMs(),
                    stored.outcome(),
                    result.status(),
                    null,
                    result.answer());
        }
        return new Attempt(
                stored.attempt(),
                stored.startedAt(),
                stored.durationMs(),
                stored.outcome(),
                status(stored.errorType()),
                stored.errorType(),
                stored.errorMessage());
    }

    private static @Nullable Integer status(@Nullable String type) {
        return type != null && type.matches(HTTP + "[0-9]{3}") ? Integer.valueOf(type.substring(HTTP.length())) : null;
    }

    private static Stored[] stored(@Nullable String json) {
        try {
            return json == null ? new Stored[0] : Json.read(json.getBytes(StandardCharsets.UTF_8), Stored[].class);
        } catch (IOException e) {
            throw new IllegalStateException("attempts of a job that are none: " + json, e);
        }
    }
}
