package io.tailrace.ingest.token;

import io.micronaut.core.annotation.Introspected;
import io.tailrace.ingest.input.Faults;
import org.jspecify.annotations.Nullable;

/**
 * A request to sign in.
 *
 * @param email the address
 * @param password the password
 */
@Introspected
record Credentials(@Nullable String email, @Nullable String password) {
    /** Longer ones cannot be right, and would only cost work. */
    private static final int MAX_LENGTH = 1024;

    /** The request, complete. */
    record Checked(String email, String password) {
        @Override
        public String toString() {
            return "Checked[]";
        }
    }

    /**
     * The request, checked for completeness only: what an account could not have is as wrong as what none has.
     *
     * @throws io.tailrace.kit.problem.ProblemException 400 with every fault
     */
    Checked checked() {
        Faults faults = new Faults();
        faults.add("email", fault(email));
        faults.add("password", fault(password));
        faults.throwIfAny();
        return new Checked(email == null ? "" : email, password == null ? "" : password);
    }

    private static @Nullable String fault(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return "is missing";
        }
        return text.length() > MAX_LENGTH
                ? "has " + text.length() + " characters, expected at most " + MAX_LENGTH
                : null;
    }

    @Override
    public String toString() {
        return "Credentials[]";
    }
}
