package io.tailrace.ingest.input;

import io.tailrace.kit.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** How many entries a page is to have. Pure. */
public final class Limits {
    private Limits() {}

    /**
     * Reads the parameter {@code limit}.
     *
     * @param text what the client sent, or null
     * @param usual the limit of a request that names none
     * @param most the largest limit
     * @throws ProblemException 400 if it is not a number from 1 to {@code most}
     */
    public static int parse(@Nullable String text, int usual, int most) {
        if (text == null) {
            return usual;
        }
        int limit;
        try {
            limit = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            limit = 0;
        }
        if (limit < 1 || limit > most) {
            throw ProblemException.invalid("limit", Texts.shown(text) + ", expected a number from 1 to " + most);
        }
        return limit;
    }
}
