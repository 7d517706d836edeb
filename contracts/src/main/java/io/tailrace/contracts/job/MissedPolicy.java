package io.tailrace.contracts.job;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What becomes of the firings of a schedule whose time came while nobody could decide about them. */
public enum MissedPolicy {
    /** They are left out. */
    NONE,
    /** The last of them is made good, the others are left out. */
    LAST,
    /** Each of them is made good. */
    ALL;

    /** The name in the log and over HTTP. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The policy of that name, if there is one. */
    public static Optional<MissedPolicy> parse(String label) {
        return Arrays.stream(values())
                .filter(policy -> policy.label().equals(label))
                .findFirst();
    }
}
