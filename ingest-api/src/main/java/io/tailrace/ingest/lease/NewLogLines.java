package io.tailrace.ingest.lease;

import io.micronaut.core.annotation.Introspected;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt has logged, as it is described; {@link LogReader} reads it.
 *
 * @param token of the lease
 * @param attempt that of the lease
 * @param lines in their order, at most 500 and 65,536 bytes of text
 * @param dropped how many further lines of the attempt were not kept so far, 0 if it is missing
 */
@Introspected
record NewLogLines(long token, int attempt, List<Line> lines, @Nullable Integer dropped) {
    /**
     * A line.
     *
     * @param line its number in its attempt, 1 to 500; a line that is sent again under its number is kept once
     * @param at when it was logged; now if it is missing
     * @param level {@code trace}, {@code debug}, {@code info}, {@code warn} or {@code error}; {@code info} if it is missing
     * @param text what it says; it is cut after 4,096 bytes
     */
    @Introspected
    record Line(int line, @Nullable Instant at, @Nullable String level, String text) {}
}
