package io.tailrace.ingest.attempt;

import java.util.List;

/** Where tallies are kept. Thread-safe. */
interface TallyStore {
    /**
     * One tally of an attempt.
     *
     * @param key whose
     * @param rule how it is judged
     */
    record Counted(String key, Tally.Rule rule) {}

    /**
     * Counts an attempt in all of its tallies, or in none if one of them says to wait.
     *
     * @return how long to wait, milliseconds; 0 if the attempt may be made
     */
    long begin(List<Counted> tallies);

    /** Takes an attempt back: it was no failure. */
    void takeBack(List<Counted> tallies);

    /** Forgets a tally. */
    void forget(Counted tally);
}
