package io.tailrace.workers.bridge;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How bridges run. Immutable.
 *
 * @param refresh how often a bridge looks whether it was changed or deleted, and says that it is there
 * @param deletedAfter how long a bridge has to be missing in the copy of the schedules before its job ends; the copy may be late
 * @param reorderMessages how many messages of a metric may wait for one before them
 * @param reorderWait how long they wait; then what is missing is a gap
 * @param messagesAhead how many messages of a metric a source may send before the log has those before them
 * @param retryFirst the wait after the first failure of a call; it doubles from there
 * @param retryLongest the longest wait between two calls
 * @param keepAliveTime after how long without a word from the source it is asked for a sign of life
 * @param keepAliveTimeout how long that may take before the connection is given up
 * @param appendTimeout how long the log may take for what is written to it before that is written again
 * @param maxFuture how far in the future a reading may be dated
 * @param maxMessageBytes the largest message of a source
 * @param tokensFile a properties file with a token or API key for each bridge that needs one, by the name of the bridge. It is read for each call.
 *     None: bridges send no token
 */
@ConfigurationProperties("tailrace.bridge-runs")
public record BridgeSettings(
        @Bindable(defaultValue = "2s") Duration refresh,
        @Bindable(defaultValue = "30s") Duration deletedAfter,
        @Bindable(defaultValue = "1000") int reorderMessages,
        @Bindable(defaultValue = "2s") Duration reorderWait,
        @Bindable(defaultValue = "256") int messagesAhead,
        @Bindable(defaultValue = "500ms") Duration retryFirst,
        @Bindable(defaultValue = "30s") Duration retryLongest,
        @Bindable(defaultValue = "20s") Duration keepAliveTime,
        @Bindable(defaultValue = "10s") Duration keepAliveTimeout,
        @Bindable(defaultValue = "10s") Duration appendTimeout,
        @Bindable(defaultValue = "1h") Duration maxFuture,
        @Bindable(defaultValue = "16384") int maxMessageBytes,
        @Nullable Path tokensFile) {
    /** Checks the ranges. */
    public BridgeSettings {
        check("refresh", refresh, refresh.toMillis() >= 10, "at least 10 ms");
        check("deleted-after", deletedAfter, !deletedAfter.isNegative(), "at least 0");
        check("reorder-messages", reorderMessages, reorderMessages >= 1 && reorderMessages <= 100_000, "1 to 100000");
        check("reorder-wait", reorderWait, reorderWait.toMillis() >= 1, "at least 1 ms");
        check("messages-ahead", messagesAhead, messagesAhead >= 1 && messagesAhead <= 100_000, "1 to 100000");
        check("retry-first", retryFirst, retryFirst.toMillis() >= 1, "at least 1 ms");
        check("retry-longest", retryLongest, retryLongest.compareTo(retryFirst) >= 0, "at least retry-first");
        check("keep-alive-time", keepAliveTime, keepAliveTime.toSeconds() >= 10, "at least 10 s");
        check("keep-alive-timeout", keepAliveTimeout, keepAliveTimeout.toMillis() >= 1, "at least 1 ms");
        check("append-timeout", appendTimeout, appendTimeout.toMillis() >= 100, "at least 100 ms");
        check("max-future", maxFuture, !maxFuture.isNegative(), "at least 0");
        check("max-message-bytes", maxMessageBytes, maxMessageBytes >= 1024, "at least 1024");
    }

    private static void check(String name, Object value, boolean valid, String expected) {
        if (!valid) {
            throw new IllegalArgumentException(
                    "tailrace.bridge-runs." + name + ": " + value + ", expected " + expected);
        }
    }
}
