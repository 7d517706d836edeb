package io.tailrace.dispatcher;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The settings of the dispatcher. The numbers that say how fast it is, and how fast it comes back, hang together;
 * docs/decisions/0009 has the reasons.
 *
 * @param applicationIdPrefix what the ids of the Streams applications begin with; {@code -feed-v1} and the like follow
 * @param instanceId names this instance to its consumer groups (KIP-345), unique among instances. Empty: made once and
 *     kept in the state directory
 * @param stateDir where the state stores live. A copy of what is in Kafka, apart for each cluster; one directory
 *     per instance
 * @param threads stream threads of each application but that of the seats, 1 to 6 of use
 * @param seatThreads stream threads that decide on seats, 1 to 6 of use: each ends transactions of its own, so while one
 *     waits for that, another decides
 * @param standbyReplicas copies of each state store kept warm on other instances
 * @param commitInterval how long a transaction collects decisions on seats before readers may see them, see {@code rush}.
 *     One before which there was none for so long is told at once
 * @param feedCommitInterval how long a transaction collects posts, and who follows whom, before readers may see them. A post
 *     before which there was none for so long is told at once
 * @param metricsCommitInterval how long a transaction collects metrics and readings before readers may see them
 * @param pollInterval how long a thread without records sleeps at most, which delays a commit that is due; one of the metrics
 *     sleeps for half of {@code metricsCommitInterval} if that is longer
 * @param maxTaskIdle how long a task that has posts waits for follows that it does not know of yet, and the other way
 *     round; above 0 it delays every post of a quiet partition by as much
 * @param sessionTimeout after how long without a heartbeat others take over the tasks of this instance; the broker's
 *     {@code group.min.session.timeout.ms} is its lower bound
 * @param transactionTimeout after how long the broker aborts a transaction that nobody ends, and until when readers wait
 *     behind it
 * @param leaveGroupOnStop whether a planned stop gives the tasks to the other instances at once, instead of keeping them
 *     for its own return within {@code sessionTimeout}
 * @param stopTimeout how long a planned stop may take
 * @param fanOutThreshold authors with more followers than this are not fanned out on write: their posts go to
 *     {@code author:<id>} alone, and their followers have to read that. The default is nobody
 * @param followersAtOnce authors with more followers than this are fanned out in turns, and not in the transaction that takes
 *     the post
 * @param followersPerTurn followers that are served before other posts have their turn: it bounds how long those wait, and what
 *     one transaction holds
 * @param fanOutShare the share of a stream thread's time in which followers are served in turns, above 0 and at most 1. A larger one
 *     serves them sooner, and the posts of others arrive later, because every edge and projection has to read more before them
 * @param feedCompression how records of the feeds are compressed in the log: {@code none}, {@code gzip}, {@code snappy}, {@code lz4}
 *     or {@code zstd}
 * @param repeatWindow how long ids are remembered to drop facts that were written twice, and the answers to commands on
 *     seats to answer a repeated command alike
 * @param expiryInterval how often the holds on seats are looked at; a hold ends at most this much late, and one more commit
 * @param expiriesPerTurn the most holds on seats that end in one go, before commands that came meanwhile have their turn
 * @param rush decisions on the seats of one partition within {@code commitInterval} from which on they are told every
 *     {@code rushCommitInterval}
 * @param rushCommitInterval how long a transaction collects decisions on seats in a rush: a longer one lets more of them be
 *     made, and each wait longer
 * @param maxEventBytes the largest event that is passed on; larger ones become dead letters. At most the
 *     {@code max.message.bytes} of the topics less 64 KiB
 * @param threadReplacements stream threads replaced within {@code threadReplacementWindow}, of each application, before
 *     the process gives up and ends with status {@value Dispatcher#EXIT_STATUS}
 * @param threadReplacementWindow see {@code threadReplacements}
 * @param storeCacheBytes memory for blocks and write buffers of all state stores together
 * @param retryLongest the longest wait between two attempts to begin while the brokers do not answer or their names do not
 *     resolve, and to replace a stream thread while it cannot be made
 */
@ConfigurationProperties("tailrace.dispatcher")
public record DispatcherSettings(
        @Bindable(defaultValue = "tailrace") String applicationIdPrefix,
        @Bindable(defaultValue = "") String instanceId,
        @Bindable(defaultValue = ".tailrace/dispatcher") String stateDir,
        @Bindable(defaultValue = "1") int threads,
        @Bindable(defaultValue = "2") int seatThreads,
        @Bindable(defaultValue = "0") int standbyReplicas,
        @Bindable(defaultValue = "25ms") Duration commitInterval,
        @Bindable(defaultValue = "50ms") Duration feedCommitInterval,
        @Bindable(defaultValue = "100ms") Duration metricsCommitInterval,
        @Bindable(defaultValue = "10ms") Duration pollInterval,
        @Bindable(defaultValue = "0ms") Duration maxTaskIdle,
        @Bindable(defaultValue = "6s") Duration sessionTimeout,
        @Bindable(defaultValue = "10s") Duration transactionTimeout,
        @Bindable(defaultValue = "false") boolean leaveGroupOnStop,
        @Bindable(defaultValue = "10s") Duration stopTimeout,
        @Bindable(defaultValue = "1000000000") long fanOutThreshold,
        @Bindable(defaultValue = "100") int followersAtOnce,
        @Bindable(defaultValue = "5000") int followersPerTurn,
        @Bindable(defaultValue = "0.125") double fanOutShare,
        @Bindable(defaultValue = "zstd") String feedCompression,
        @Bindable(defaultValue = "24h") Duration repeatWindow,
        @Bindable(defaultValue = "100ms") Duration expiryInterval,
        @Bindable(defaultValue = "500") int expiriesPerTurn,
        @Bindable(defaultValue = "50") int rush,
        @Bindable(defaultValue = "100ms") Duration rushCommitInterval,
        @Bindable(defaultValue = "900000") int maxEventBytes,
        @Bindable(defaultValue = "5") int threadReplacements,
        @Bindable(defaultValue = "5m") Duration threadReplacementWindow,
        @Bindable(defaultValue = "33554432") long storeCacheBytes,
        @Bindable(defaultValue = "5s") Duration retryLongest) {

    private static final List<String> COMPRESSIONS = List.of("none", "gzip", "snappy", "lz4", "zstd");

    /** Checks what Kafka would only find out later, or never. */
    public DispatcherSettings {
        check("threads", threads, threads >= 1 && threads <= 64, "1 to 64");
        check("seat-threads", seatThreads, seatThreads >= 1 && seatThreads <= 64, "1 to 64");
        check("standby-replicas", standbyReplicas, standbyReplicas >= 0, "at least 0");
        check("commit-interval", commitInterval, commitInterval.toMillis() >= 1, "at least 1 ms");
        check("feed-commit-interval", feedCommitInterval, feedCommitInterval.toMillis() >= 1, "at least 1 ms");
        check("metrics-commit-interval", metricsCommitInterval, metricsCommitInterval.toMillis() >= 1, "at least 1 ms");
        check("poll-interval", pollInterval, pollInterval.toMillis() >= 1, "at least 1 ms");
        check("session-timeout", sessionTimeout, sessionTimeout.toMillis() >= 100, "at least 100 ms");
        check(
                "transaction-timeout",
                transactionTimeout,
                Stream.of(commitInterval, feedCommitInterval, metricsCommitInterval, rushCommitInterval)
                        .allMatch(interval -> transactionTimeout.compareTo(interval.multipliedBy(10)) > 0),
                "more than ten times commit-interval and those of feeds, metrics and a rush");
        check("rush", rush, rush >= 0, "at least 0; 0 has every decision wait for rush-commit-interval");
        check(
                "rush-commit-interval",
                rushCommitInterval,
                rushCommitInterval.compareTo(commitInterval) >= 0,
                "at least commit-interval");
        check("expiry-interval", expiryInterval, expiryInterval.toMillis() >= 1, "at least 1 ms");
        check("expiries-per-turn", expiriesPerTurn, expiriesPerTurn >= 1, "at least 1");
        check("followers-at-once", followersAtOnce, followersAtOnce >= 0, "at least 0");
        check("followers-per-turn", followersPerTurn, followersPerTurn >= 1, "at least 1");
        check("fan-out-share", fanOutShare, fanOutShare > 0 && fanOutShare <= 1, "above 0 and at most 1");
        check(
                "feed-compression",
                feedCompression,
                COMPRESSIONS.contains(feedCompression),
                "one of " + String.join(", ", COMPRESSIONS));
        check("thread-replacements", threadReplacements, threadReplacements >= 0, "at least 0");
        check("store-cache-bytes", storeCacheBytes, storeCacheBytes >= 1 << 20, "at least 1 MiB");
        check("retry-longest", retryLongest, retryLongest.toMillis() >= 1, "at least 1 ms");
    }

    private static void check(String name, Object value, boolean valid, String expected) {
        if (!valid) {
            throw new IllegalArgumentException("tailrace.dispatcher." + name + ": " + value + ", expected " + expected);
        }
    }
}
