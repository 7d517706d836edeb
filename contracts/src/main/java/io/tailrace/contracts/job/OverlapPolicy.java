package io.tailrace.contracts.job;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What becomes of a firing of a schedule while the job of an earlier one is not finished. */
public enum OverlapPolicy {
    /** Its job is enqueued nevertheless. */
    ALLOW,
    /** It is left out. */
    SKIP;

    /** The name in the log and over HTTP. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The policy of that name, if there is one. */
    public static Optional<OverlapPolicy> parse(String label) {
        return Arrays.stream(values())
                .filter(policy -> policy.label().equals(label))
                .findFirst();
    }
}
