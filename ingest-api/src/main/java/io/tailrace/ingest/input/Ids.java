package io.tailrace.ingest.input;

import io.tailrace.kit.problem.ProblemException;
import java.util.UUID;
import java.util.regex.Pattern;

/** Identifiers in paths and parameters. Pure. */
public final class Ids {
    /** The form of RFC 9562, section 4; {@link UUID#fromString} alone would take "1-1-1-1-1" too. */
    private static final Pattern FORM =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private Ids() {}

    /**
     * Reads a UUID.
     *
     * @throws ProblemException 400 if it is none
     */
    public static UUID parse(String field, String text) {
        if (!FORM.matcher(text).matches()) {
            throw ProblemException.invalid(field, Texts.shown(text) + ", expected a UUID");
        }
        return UUID.fromString(text);
    }
}
