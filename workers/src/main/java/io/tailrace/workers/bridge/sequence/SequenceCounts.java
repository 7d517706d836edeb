package io.tailrace.workers.bridge.sequence;

/**
 * What a sequence has done since it began.
 *
 * @param readings handed out
 * @param duplicates messages that came again, or whose readings were known
 * @param refused readings that no metric can have
 * @param conflated states that the source has passed over
 * @param gaps told
 */
public record SequenceCounts(long readings, long duplicates, long refused, long conflated, long gaps) {
    /** Nothing yet. */
    public static final SequenceCounts NONE = new SequenceCounts(0, 0, 0, 0, 0);

    /** What there is more of than in earlier ones. */
    public SequenceCounts minus(SequenceCounts earlier) {
        return new SequenceCounts(
                readings - earlier.readings,
                duplicates - earlier.duplicates,
                refused - earlier.refused,
                conflated - earlier.conflated,
                gaps - earlier.gaps);
    }
}
