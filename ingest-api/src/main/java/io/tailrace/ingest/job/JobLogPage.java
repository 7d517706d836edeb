package io.tailrace.ingest.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the attempts at a job have logged.
 *
 * @param lines in the order of attempts, and of each in the order in which they were logged
 * @param dropped attempts that have logged more than is kept
 * @param next the {@code after} of the next page; null if this is the last one
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
record JobLogPage(List<Line> lines, List<Dropped> dropped, @Nullable String next) {
    /**
     * A line.
     *
     * @param attempt the number of the attempt
     * @param line its number in the attempt, from 1
     * @param at when it was logged, by the worker's clock
     * @param level {@code trace}, {@code debug}, {@code info}, {@code warn} or {@code error}
     * @param text what it says; may have line breaks
     */
    @Introspected
    record Line(int attempt, int line, Instant at, String level, String text) {
        static Line of(LogLineRow row) {
            return new Line(row.attempt(), row.line(), row.at(), row.level(), row.text());
        }
    }

    /**
     * What is not kept.
     *
     * @param attempt the number of the attempt
     * @param lines how many
     */
    @Introspected
    record Dropped(int attempt, int lines) {}
}
