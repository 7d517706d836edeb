package io.tailrace.contracts.job;

import io.tailrace.contracts.text.Excerpt;

/**
 * Why an attempt failed.
 *
 * @param type names the error for programs, for example {@code java.net.ConnectException} or {@code smtp_550}; at most
 *     {@value #MAX_TYPE} characters, a longer one is cut
 * @param message says it to people; at most {@value #MAX_MESSAGE} characters, a longer one is cut
 */
public record JobError(String type, String message) {
    /** The longest type. */
    public static final int MAX_TYPE = 200;

    /** The longest message. */
    public static final int MAX_MESSAGE = 8_000;

    /** The attempt's lease ran out: its worker vanished, or was frozen. */
    public static final String LEASE_EXPIRED = "lease_expired";

    /** The attempt took longer than its job's timeout. */
    public static final String TIMEOUT = "timeout";

    /** The worker gave the job back without a failure, because it stops. */
    public static final String HANDED_BACK = "handed_back";

    /** Cuts what is too long. */
    public JobError {
        type = Excerpt.of(type, MAX_TYPE);
        message = Excerpt.of(message, MAX_MESSAGE);
    }
}
