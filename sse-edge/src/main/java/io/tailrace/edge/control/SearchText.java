package io.tailrace.edge.control;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.kit.problem.ProblemException;

/** What an operator looks for, as it stands in a query. */
final class SearchText {
    /** Nothing that is looked for is longer than the longest name of a channel. */
    private static final int MAX_LENGTH = Channel.MAX_LENGTH;

    private SearchText() {}

    /**
     * The text, if it may be looked for.
     *
     * @throws ProblemException 400 if it is too long
     */
    static String checked(String text) {
        if (text.length() > MAX_LENGTH) {
            throw ProblemException.invalid("q", text.length() + " characters, expected at most " + MAX_LENGTH);
        }
        return text;
    }
}
