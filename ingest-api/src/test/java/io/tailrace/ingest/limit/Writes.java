package io.tailrace.ingest.limit;

import io.tailrace.ingest.testing.Http;

/** Writes that cost nothing: they are not valid, and are counted before anybody finds that out. */
final class Writes {
    /** No limit in these tests lets so many through, however slow the machine is. */
    private static final int ENOUGH = 5_000;

    private Writes() {}

    /** One write. */
    static Http.Answer one(Http caller) {
        return caller.post("/posts", "{");
    }

    /**
     * Writes, one after the other, until one was refused. The next one after that may be let through, a second later.
     *
     * @param allowed how many were let through
     * @param refused the answer to the one that was not
     */
    record Run(int allowed, Http.Answer refused) {}

    /** How many are let through, one after the other, until one is refused. */
    static int untilRefused(Http caller) {
        return untilRefused("/posts", caller);
    }

    /** The same on another path. */
    static int untilRefused(String path, Http caller) {
        return run(path, caller).allowed();
    }

    /** Writes until one is refused. */
    static Run run(String path, Http caller) {
        for (int allowed = 0; allowed < ENOUGH; allowed++) {
            Http.Answer answer = caller.post(path, "{");
            if (answer.status() == 429) {
                return new Run(allowed, answer);
            }
        }
        throw new AssertionError("none of " + ENOUGH + " writes was refused");
    }
}
