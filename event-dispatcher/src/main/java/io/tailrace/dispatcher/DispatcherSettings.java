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
 * @param instanceId the name of this instance in its consumer groups (KIP-345), unique among instances. If it is
 *     empty, a name is generated and kept in the state directory
 * @param stateDir the directory of the state stores, which are copies of data in Kafka and separate for each
 *     cluster. Each instance needs its own directory
 * @param threads the number of stream threads of each application except the seats, 1 to 6. More than 6 have no
 *     effect
 * @param seatThreads the number of stream threads that decide on seats, 1 to 6. More than 6 have no effect. Each
 *     thread ends its own transactions, so one can decide while another waits for a commit
 * @param standbyReplicas the number of standby copies of each state store on other instances
 * @param commitInterval how long a transaction collects decisions on seats before they become visible to readers;
 *     see {@code rush} for bursts. A decision after an idle period of this length is committed at once
 * @param feedCommitInterval how long a transaction collects posts and follows before they become visible to
 *     readers. A post after an idle period of this length is committed at once
 * @param metricsCommitInterval how long a transaction collects metrics and readings before they become visible to
 *     readers
 * @param pollInterval the longest sleep of a stream thread without records, which can delay a due commit. A thread
 *     of the metrics application sleeps for half of {@code metricsCommitInterval} if that is longer
 * @param maxTaskIdle how long a task that has posts waits for follows that may not have arrived yet, and vice
 *     versa. Values above 0 delay every post of a quiet partition by as much
 * @param sessionTimeout the time without a heartbeat after which other instances take over the tasks of this
 *     instance. The broker's {@code group.min.session.timeout.ms} is its lower bound
 * @param transactionTimeout the time after which the broker aborts a transaction that is not ended; readers wait
 *     behind it until then
 * @param leaveGroupOnStop whether a planned stop gives the tasks to the other instances at once. Otherwise they
 *     are kept for the return of this instance within {@code sessionTimeout}
 * @param stopTimeout the longest time that a planned stop may take
 * @param fanOutThreshold posts of authors with more followers than this are not copied to the feeds of followers.
 *     They appear only in {@code author:<id>}, which followers have to read. By default no author has so many
 * @param followersAtOnce posts of authors with more followers than this are delivered in parts, and not in the
 *     transaction that reads the post
 * @param followersPerTurn the number of followers that one part of such a post is delivered to before other posts
 *     are processed. It bounds the delay of those posts and the size of a transaction
 * @param fanOutShare the share of a stream thread's time that delivers posts in parts, above 0 and at most 1. A
 *     larger share delivers them sooner, and delays posts of other authors, because edges and projections have more
 *     records to read before them
 * @param feedCompression the compression of feed records in the log: {@code none}, {@code gzip}, {@code snappy},
 *     {@code lz4} or {@code zstd}
 * @param repeatWindow how long the dispatcher remembers ids to drop facts that were written twice, and responses
 *     to commands on seats to answer repeated commands alike
 * @param expiryInterval how often the dispatcher checks for expired holds on seats. A hold expires at most this
 *     much and one commit late
 * @param expiriesPerTurn the largest number of holds that expire together before waiting commands are processed
 * @param rush the number of decisions on the seats of one partition within {@code commitInterval} that counts as a
 *     burst. In a burst, decisions are committed every {@code rushCommitInterval}
 * @param rushCommitInterval how long a transaction collects decisions on seats in a burst. A longer interval
 *     increases both the throughput and the delay of each decision
 * @param maxEventBytes the size of the largest event that is forwarded; larger ones become dead letters. At most
 *     the {@code max.message.bytes} of the topics minus 64 KiB
 * @param threadReplacements stream threads replaced within {@code threadReplacementWindow}, of each application, before
 *     the process gives up and ends with status {@value Dispatcher#EXIT_STATUS}
 * @param threadReplacementWindow see {@code threadReplacements}
 * @param storeCacheBytes memory for the blocks and write buffers of all state stores together
 * @param retryLongest the longest pause between two attempts to start while the brokers do not answer or their
 *     names do not resolve, and between two attempts to replace a stream thread
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
