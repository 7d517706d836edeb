package io.tailrace.edge;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.tailrace.edge.replay.plan.ReplaySettings;
import io.tailrace.edge.stream.StreamPlan;
import io.tailrace.edge.stream.StreamSettings;
import io.tailrace.kit.consume.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set about the edge, with its default. Immutable. {@code tailrace.edge.max-connections} is
 * {@code TAILRACE_EDGE_MAX_CONNECTIONS} as an environment variable, and so on.
 *
 * @param maxConnections the largest number of open streams
 * @param maxConnectionsPerAddress the largest number of open streams of one client address (of IPv6 one /64),
 *     except this machine's own. The edge answers further requests with 429; 0 means no limit. Behind a proxy the
 *     client's address is used only if the proxy is one of {@code tailrace.limits.trusted-proxies}
 * @param connectionLimitPolicy how the edge handles a stream above the limit: {@code refuse} answers it with 503,
 *     {@code close-oldest} closes the oldest stream
 * @param maxChannels the largest number of channels of one stream
 * @param discardBytes how many bytes a client may send after its request for a stream. More close the connection
 * @param clientFrameBytes the largest frame that a client may send on a WebSocket. A larger one closes the
 *     connection with 1009
 * @param closeTimeout how long a client has to receive the remaining bytes before its connection is closed
 * @param retryAfter the mean of the jittered {@code Retry-After} of a 503
 * @param drainTime the time over which a stopping edge closes its streams; {@code tailrace.http.shutdown-grace}
 *     must be longer
 * @param allowedOrigins origins whose pages may open streams from another origin (CORS, and the same for WebSocket); {@code *} is any origin, and
 *     then without cookies
 */
@ConfigurationProperties("tailrace.edge")
public record EdgeSettings(
        @Bindable(defaultValue = "10000") int maxConnections,
        @Bindable(defaultValue = "2000") int maxConnectionsPerAddress,
        @Bindable(defaultValue = "refuse") ConnectionLimitPolicy connectionLimitPolicy,
        @Bindable(defaultValue = "1000") int maxChannels,
        @Bindable(defaultValue = "65536") int discardBytes,
        @Bindable(defaultValue = "4096") int clientFrameBytes,
        @Bindable(defaultValue = "5s") Duration closeTimeout,
        @Bindable(defaultValue = "3s") Duration retryAfter,
        @Bindable(defaultValue = "5s") Duration drainTime,
        @Bindable(defaultValue = "") List<String> allowedOrigins) {

    /** What happens when there are as many streams as there may be. */
    public enum ConnectionLimitPolicy {
        /** The new one gets 503 with {@code Retry-After}. */
        REFUSE,
        /** The one that was opened first is closed, and told so. */
        CLOSE_OLDEST
    }

    /** Checks the ranges. */
    public EdgeSettings {
        positive(maxConnections, "max-connections");
        if (maxConnectionsPerAddress < 0) {
            throw new IllegalArgumentException(
                    "tailrace.edge.max-connections-per-address: " + maxConnectionsPerAddress + ", expected at least 0");
        }
        positive(maxChannels, "max-channels");
        if (maxChannels > StreamPlan.MAX_CHANNELS) {
            throw new IllegalArgumentException("tailrace.edge.max-channels: " + maxChannels + ", expected at most "
                    + StreamPlan.MAX_CHANNELS + ", because a cursor must be able to name them");
        }
        positive(discardBytes, "discard-bytes");
        positive(clientFrameBytes, "client-frame-bytes");
        positive(closeTimeout.toMillis(), "close-timeout");
        positive(retryAfter.toMillis(), "retry-after");
        allowedOrigins =
                allowedOrigins.stream().filter(origin -> !origin.isBlank()).toList();
    }

    /**
     * The reading of new records: {@code tailrace.edge.tail.*}.
     *
     * @param windowBytes the number of bytes of the newest events of each partition that are kept in memory for
     *     new streams and streams that lag a little
     * @param fetchWait how long a broker holds a fetch without new records. A newly subscribed partition waits at
     *     most as long
     * @param fetchBytes the largest number of bytes of one fetch, and of one partition in it
     * @param linger how long a partition is still read after its last stream has ended
     * @param backlogBytes the largest number of bytes of batches that an event loop has not taken yet. Above it
     *     the edge stops reading until the loop has taken some
     * @param checkInterval how often topics are checked for a new id, partitions without a leader, and records
     *     deleted by retention
     * @param requestTimeout the longest time of a request to the brokers for topics and offsets
     * @param retryBackoff the first pause after a failed request or read; each further pause is twice as long
     * @param retryLongest the longest pause of a thread whose reads fail or whose consumer cannot be created
     * @param epochQuestions the largest number of open requests to the brokers for the end of a leader epoch.
     *     Further ones fail at once
     */
    @ConfigurationProperties("tail")
    public record Tail(
            @Bindable(defaultValue = "4194304") long windowBytes,
            @Bindable(defaultValue = "100ms") Duration fetchWait,
            @Bindable(defaultValue = "4194304") int fetchBytes,
            @Bindable(defaultValue = "60s") Duration linger,
            @Bindable(defaultValue = "33554432") long backlogBytes,
            @Bindable(defaultValue = "2s") Duration checkInterval,
            @Bindable(defaultValue = "5s") Duration requestTimeout,
            @Bindable(defaultValue = "200ms") Duration retryBackoff,
            @Bindable(defaultValue = "5s") Duration retryLongest,
            @Bindable(defaultValue = "10000") int epochQuestions) {
        /** Checks the ranges. */
        public Tail {
            positive(windowBytes, "tail.window-bytes");
            positive(fetchWait.toMillis(), "tail.fetch-wait");
            positive(fetchBytes, "tail.fetch-bytes");
            positive(backlogBytes, "tail.backlog-bytes");
            positive(checkInterval.toMillis(), "tail.check-interval");
            positive(requestTimeout.toMillis(), "tail.request-timeout");
            positive(retryBackoff.toMillis(), "tail.retry-backoff");
            positive(epochQuestions, "tail.epoch-questions");
            if (retryLongest.compareTo(retryBackoff) < 0) {
                throw new IllegalArgumentException("tailrace.edge.tail.retry-longest: " + retryLongest
                        + ", expected at least retry-backoff " + retryBackoff);
            }
        }

        /** The pauses of one thread that reads. */
        public Backoff backoff() {
            return new Backoff(retryBackoff, retryLongest, RandomGenerator.getDefault());
        }
    }

    /**
     * The reading of older records: {@code tailrace.edge.replay.*}.
     *
     * @param readers the number of threads that read older records, each with its own consumer
     * @param chunkBytes the approximate number of bytes of records in one read
     * @param bytesPerSecond the largest number of bytes that all replays together read in a second
     * @param burstBytes how many bytes replays may read at once after a pause
     * @param cacheBytes the size of the cache of recently read records, in bytes. It serves clients that reconnect
     *     a little later than others without a second read; 0 disables it
     * @param cacheTime how long the cache keeps records that no stream requests
     * @param readTimeout the longest time of one read
     * @param lastScanBytes how far {@code last:N} searches back in a partition, in bytes. If that is not enough,
     *     the stream starts with the oldest event that was found
     * @param lastWaiting the largest number of requests with {@code last:N} that wait. The edge answers further
     *     ones with 503
     */
    @ConfigurationProperties("replay")
    public record Replay(
            @Bindable(defaultValue = "2") int readers,
            @Bindable(defaultValue = "1048576") int chunkBytes,
            @Bindable(defaultValue = "268435456") long bytesPerSecond,
            @Bindable(defaultValue = "67108864") long burstBytes,
            @Bindable(defaultValue = "67108864") long cacheBytes,
            @Bindable(defaultValue = "30s") Duration cacheTime,
            @Bindable(defaultValue = "10s") Duration readTimeout,
            @Bindable(defaultValue = "8388608") long lastScanBytes,
            @Bindable(defaultValue = "1000") int lastWaiting) {
        /** Checks the ranges. */
        public Replay {
            positive(readers, "replay.readers");
            positive(readTimeout.toMillis(), "replay.read-timeout");
            positive(cacheTime.toMillis(), "replay.cache-time");
            positive(lastScanBytes, "replay.last-scan-bytes");
            positive(lastWaiting, "replay.last-waiting");
        }

        /** The planner's part of it. */
        public ReplaySettings plan() {
            return new ReplaySettings(readers, chunkBytes, bytesPerSecond, burstBytes);
        }
    }

    /**
     * The pages of {@code GET /channels/{channel}/events}: {@code tailrace.edge.history.*}.
     *
     * @param readers the number of threads that read pages, each with its own consumer
     * @param waiting the largest number of requests that wait for a reader. The edge answers further ones with 503
     * @param scanBytes the largest number of bytes of records, including those of other channels, that are read
     *     for one page. The page then ends, however few events it has
     * @param readTimeout the longest time of each request to the brokers and of each read. A request that has
     *     waited as long is answered with 503
     * @param heldBytes the largest number of bytes of pages that were read and that clients have not received yet.
     *     Above it the edge answers requests with 503
     * @param writeTimeout how long a client has to receive a page before its connection is closed
     */
    @ConfigurationProperties("history")
    public record History(
            @Bindable(defaultValue = "2") int readers,
            @Bindable(defaultValue = "100") int waiting,
            @Bindable(defaultValue = "8388608") long scanBytes,
            @Bindable(defaultValue = "10s") Duration readTimeout,
            @Bindable(defaultValue = "67108864") long heldBytes,
            @Bindable(defaultValue = "60s") Duration writeTimeout) {
        /** Checks the ranges. */
        public History {
            positive(readers, "history.readers");
            positive(waiting, "history.waiting");
            positive(scanBytes, "history.scan-bytes");
            positive(readTimeout.toMillis(), "history.read-timeout");
            positive(heldBytes, "history.held-bytes");
            positive(writeTimeout.toMillis(), "history.write-timeout");
        }
    }

    /**
     * The streams: {@code tailrace.edge.stream.*}.
     *
     * @param replayCacheBytes bytes of older records that each event loop keeps for slow readers
     * @param streamTurnBytes the largest number of bytes that one lagging stream receives before the next one is
     *     served
     * @param turnBytes the largest number of bytes that all lagging streams receive before new records are
     *     delivered
     * @param appendBytes the largest number of bytes that is written to one connection before the edge checks
     *     again whether it accepts more. A larger event is written in parts
     * @param highWaterBytes the number of unsent bytes of a connection at which the edge stops writing to it
     * @param lowWaterBytes the number of unsent bytes of a connection at which the edge continues to write
     * @param openTimeout how long {@code stream.open} waits for partitions without a leader before it lists them
     *     as unavailable
     * @param heartbeat the time without a write after which a stream receives a comment, or a WebSocket a Ping
     * @param position the time after which a stream whose cursor has advanced without an event receives an id
     * @param stallTimeout the time after which the edge closes the connection of a client that accepts no byte
     *     although some are waiting
     * @param pongTimeout the time after a Ping after which the edge closes a WebSocket whose client has sent
     *     nothing
     * @param retry the mean of the jittered {@code retry:}
     * @param pendingChangeBytes the largest number of bytes of {@code stream.channels} events that wait for a
     *     client that does not read
     * @param waitingChanges the largest number of changes of one stream that wait for a search of the log, or for
     *     earlier changes. Of further changes only the token is applied, and the stream receives their number
     * @param changeTimeout how long a change waits for the search of {@code last:N}. After that its channels are
     *     refused as {@code unavailable}, and the rest of the change is applied
     * @param pendingBytes the largest number of unsent bytes, in direct memory, of all connections of one event
     *     loop. Above it each connection gets no more than its reserve
     * @param reserveBytes the number of unsent bytes that each connection may have in any case, so that clients
     *     that do not read cannot block those that do
     * @param tick how often the edge checks timers, such as heartbeats and the expiry of tokens
     */
    @ConfigurationProperties("stream")
    public record Stream(
            @Bindable(defaultValue = "16777216") long replayCacheBytes,
            @Bindable(defaultValue = "65536") int streamTurnBytes,
            @Bindable(defaultValue = "1048576") int turnBytes,
            @Bindable(defaultValue = "16384") int appendBytes,
            @Bindable(defaultValue = "65536") int highWaterBytes,
            @Bindable(defaultValue = "16384") int lowWaterBytes,
            @Bindable(defaultValue = "1s") Duration openTimeout,
            @Bindable(defaultValue = "15s") Duration heartbeat,
            @Bindable(defaultValue = "15s") Duration position,
            @Bindable(defaultValue = "2m") Duration stallTimeout,
            @Bindable(defaultValue = "60s") Duration pongTimeout,
            @Bindable(defaultValue = "2s") Duration retry,
            @Bindable(defaultValue = "65536") int pendingChangeBytes,
            @Bindable(defaultValue = "32") int waitingChanges,
            @Bindable(defaultValue = "10s") Duration changeTimeout,
            @Bindable(defaultValue = "16777216") long pendingBytes,
            @Bindable(defaultValue = "4096") int reserveBytes,
            @Bindable(defaultValue = "100ms") Duration tick) {
        /** Checks the ranges that nobody else checks. */
        public Stream {
            positive(tick.toMillis(), "stream.tick");
            positive(waitingChanges, "stream.waiting-changes");
            positive(changeTimeout.toMillis(), "stream.change-timeout");
            if (lowWaterBytes < 0 || lowWaterBytes > highWaterBytes) {
                throw new IllegalArgumentException("tailrace.edge.stream.low-water-bytes: " + lowWaterBytes
                        + ", expected 0 to high-water-bytes " + highWaterBytes);
            }
        }

        /** The core's part of it. */
        public StreamSettings loop(Tail tail, int maxChannels) {
            return new StreamSettings(
                    tail.windowBytes(),
                    replayCacheBytes,
                    streamTurnBytes,
                    turnBytes,
                    appendBytes,
                    openTimeout.toMillis(),
                    heartbeat.toMillis(),
                    position.toMillis(),
                    stallTimeout.toMillis(),
                    retry.toMillis(),
                    pongTimeout.toMillis(),
                    pendingChangeBytes,
                    maxChannels,
                    pendingBytes,
                    reserveBytes);
        }
    }

    /**
     * {@code SeriesService.Watch}: {@code tailrace.edge.watch.*}.
     *
     * @param target the service that answers {@code Query} if this process does not, such as {@code
     *     dns:///ingest-api:9090}. Without it an edge that runs alone does not answer {@code Watch}
     * @param tls whether the connection to the target uses TLS
     * @param queries the largest number of concurrent queries; further calls wait. It must be less than {@code
     *     tailrace.series-queries.max-readers} of the service that answers them
     * @param queryTimeout the longest time of a query
     * @param historyBytes the largest number of bytes of histories that were read and that clients have not
     *     received yet; one address may use a quarter. Above it a call is answered with UNAVAILABLE
     */
    @ConfigurationProperties("watch")
    public record Watch(
            @Nullable String target,
            @Bindable(defaultValue = "false") boolean tls,
            @Bindable(defaultValue = "16") int queries,
            @Bindable(defaultValue = "10s") Duration queryTimeout,
            @Bindable(defaultValue = "33554432") long historyBytes) {
        /** Checks the ranges. */
        public Watch {
            positive(queries, "watch.queries");
            positive(queryTimeout.toMillis(), "watch.query-timeout");
            positive(historyBytes, "watch.history-bytes");
        }
    }

    private static void positive(long value, String name) {
        if (value <= 0) {
            throw new IllegalArgumentException("tailrace.edge." + name + ": " + value + ", expected above 0");
        }
    }
}
