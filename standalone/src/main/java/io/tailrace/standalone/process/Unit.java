package io.tailrace.standalone.process;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a part is made of: something that can be started, ends, and can be stopped. */
public interface Unit {
    /** What a start tells while it goes on. Thread-safe. */
    interface Progress {
        /** What it is doing, in a word or two. */
        void doing(String what);

        /** It has a process from now on (or another one than before). */
        void changed();

        /** It ended by itself after it was ready. */
        void ended(String reason);
    }

    /**
     * Starts it and returns when it is ready. Called again after it has ended. Interrupted when it takes too long or is
     * no longer wanted; whatever it started must be ended then, too.
     *
     * @throws Exception if it could not be started; the message is shown
     */
    void start(Progress progress) throws Exception;

    /**
     * Ends it; returns when it has ended. May be called while {@link #start} runs.
     *
     * @param force without asking it first
     */
    void stop(boolean force);

    /** The names under which it is reported, usually one. */
    List<String> reportedAs();

    /** Its process, if it has one of its own. */
    OptionalLong pid();

    /** Where it listens, or 0. */
    int port();

    /** The log that it writes, or null. */
    @Nullable
    LogFile log();
}
