package io.tailrace.workers.bridge.sequence;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a metric of a source has been copied.
 *
 * @param epoch names the source's numbering; null before anything was heard
 * @param sequence the number of the last message that was dealt with; 0 if the numbering has not begun
 * @param cursor where to go on behind it; empty if the source has told none
 * @param lastAt the time of the last reading; null if there was none
 */
public record SourcePosition(@Nullable String epoch, long sequence, String cursor, @Nullable Instant lastAt) {
    /** Before anything was heard. */
    public static final SourcePosition NONE = new SourcePosition(null, 0, "", null);
}
