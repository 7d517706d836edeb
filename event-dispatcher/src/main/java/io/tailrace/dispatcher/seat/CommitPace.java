package io.tailrace.dispatcher.seat;

/**
 * When what was decided is told. A transaction costs the same for one decision as for a hundred, and while one ends
 * nothing is decided. So few decisions are told at once, and many when the longer interval of the application is over. One
 * task's; not thread-safe.
 */
final class CommitPace {
    private final int rush;
    private int decided;

    /**
     * A pace.
     *
     * @param rush decisions between two looks from which on there is a rush
     */
    CommitPace(int rush) {
        this.rush = rush;
    }

    /** Something was decided. */
    void decided() {
        decided++;
    }

    /** Looks whether what was decided since the last look is to be told now. */
    boolean isDue() {
        int count = decided;
        decided = 0;
        return count > 0 && count < rush;
    }
}
