package io.tailrace.ingest.erasure;

import io.micronaut.core.annotation.Introspected;
import io.tailrace.ingest.input.Faults;
import org.jspecify.annotations.Nullable;

/**
 * A request to be erased.
 *
 * @param password the account's password
 */
@Introspected
record ErasureRequest(@Nullable String password) {
    /** Longer ones cannot be right, and would only cost work. */
    private static final int MAX_LENGTH = 1024;

    /**
     * The password.
     *
     * @throws io.tailrace.kit.problem.ProblemException 400 if it is missing or too long
     */
    String checked() {
        Faults faults = new Faults();
        String given = password == null ? "" : password;
        if (given.isEmpty()) {
            faults.add("password", "is missing");
        } else if (given.length() > MAX_LENGTH) {
            faults.add("password", "has " + given.length() + " characters, expected at most " + MAX_LENGTH);
        }
        faults.throwIfAny();
        return given;
    }

    @Override
    public String toString() {
        return "ErasureRequest[]";
    }
}
