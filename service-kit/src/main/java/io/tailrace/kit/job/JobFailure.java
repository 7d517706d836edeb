package io.tailrace.kit.job;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An attempt that failed in a way that its handler understands. */
public final class JobFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final String type;
    private final boolean isFinal;
    private final boolean isCounted;
    private final @Nullable Duration retryAfter;

    private JobFailure(
            String type,
            String message,
            boolean isFinal,
            boolean isCounted,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(message, cause);
        this.type = type;
        this.isFinal = isFinal;
        this.isCounted = isCounted;
        this.retryAfter = retryAfter;
    }

    /** One that may pass: the job is tried again as its policy says. */
    public static JobFailure passing(String type, String message, @Nullable Throwable cause) {
        return new JobFailure(type, message, false, true, null, cause);
    }

    /** One that passes after a time that is known, for example because a server has said so. */
    public static JobFailure passingAfter(Duration wait, String type, String message) {
        return new JobFailure(type, message, false, true, wait, null);
    }

    /** One that no further attempt can cure: the job is dead. */
    public static JobFailure lasting(String type, String message, @Nullable Throwable cause) {
        return new JobFailure(type, message, true, true, null, cause);
    }

    /**
     * None at all: nothing could be tried, and the job is to be tried again after a time. It does not count as an attempt, so whoever says
     * this again and again for a job lets it live for ever.
     */
    public static JobFailure postponed(Duration wait, String type, String message) {
        return new JobFailure(type, message, false, false, wait, null);
    }

    /** Whether the attempt counts. */
    public boolean isCounted() {
        return isCounted;
    }

    /** The type of the error, {@code [a-z][a-z0-9_]*}, as operators see it and as a job's {@code give_up_on} names it. */
    public String type() {
        return type;
    }

    /** Whether the job is dead. */
    public boolean isFinal() {
        return isFinal;
    }

    /** When to try again at the earliest, or null for what the job's policy says. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
