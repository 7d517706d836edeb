package io.tailrace.workers.extract;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How texts are read in files. Immutable.
 *
 * @param classPath the class path of the module {@code extractor}; {@code up} and the images set it. Empty: this process reads no texts, and
 *     its jobs of the type {@code extract} are dead
 * @param folder where files are that are being read; they are deleted at once, and what a killed process has left, an hour later. Empty: the system's folder for
 *     temporary files
 * @param processes how many files a process of workers reads at once, each in a process of its own
 * @param heapMegabytes the heap of each of them, at least 32
 * @param timeLimit how long one may take, at most 10 minutes
 * @param maxPages the most pages, slides or sheets of a file
 * @param maxCharacters the longest text, in UTF-16 units
 * @param maxInflatedBytes the most bytes of all parts of an office document, inflated
 * @param progressInterval the least time between two events about the pages of a file that were read
 * @param logTimeout how long the log may be away when what became of a file is told, before the job is tried again
 */
@ConfigurationProperties("tailrace.extract")
public record ExtractSettings(
        @Bindable(defaultValue = "") String classPath,
        @Bindable(defaultValue = "") String folder,
        @Bindable(defaultValue = "1") int processes,
        @Bindable(defaultValue = "192") int heapMegabytes,
        @Bindable(defaultValue = "60s") Duration timeLimit,
        @Bindable(defaultValue = "2000") int maxPages,
        @Bindable(defaultValue = "2000000") int maxCharacters,
        @Bindable(defaultValue = "536870912") long maxInflatedBytes,
        @Bindable(defaultValue = "250ms") Duration progressInterval,
        @Bindable(defaultValue = "30s") Duration logTimeout) {
    private static final int LEAST_HEAP = 32;
    private static final int MOST_CHARACTERS = 20_000_000;
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** Checks the ranges. */
    public ExtractSettings {
        check("processes", processes, processes >= 1, "at least 1");
        check("heap-megabytes", heapMegabytes, heapMegabytes >= LEAST_HEAP, "at least " + LEAST_HEAP);
        check(
                "time-limit",
                timeLimit,
                timeLimit.toMillis() >= 1 && timeLimit.compareTo(LONGEST) <= 0,
                "1 ms to 10 minutes");
        check("max-pages", maxPages, maxPages >= 1, "at least 1");
        check(
                "max-characters",
                maxCharacters,
                maxCharacters >= 1 && maxCharacters <= MOST_CHARACTERS,
                "1 to " + MOST_CHARACTERS);
        check("max-inflated-bytes", maxInflatedBytes, maxInflatedBytes >= 1, "at least 1");
        check("progress-interval", progressInterval, !progressInterval.isNegative(), "at least 0");
        check("log-timeout", logTimeout, logTimeout.toMillis() >= 1, "at least 1 ms");
    }

    private static void check(String name, Object value, boolean isRight, String expected) {
        if (!isRight) {
            throw new IllegalArgumentException("tailrace.extract." + name + ": " + value + ", expected " + expected);
        }
    }
}
