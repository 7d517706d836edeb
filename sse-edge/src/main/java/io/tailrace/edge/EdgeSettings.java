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
 * @param maxConnections streams that are open at the same time
 * @param maxConnectionsPerAddress streams that one client's address (of IPv6 its /64) may have open, this machine's own aside;
 *     one more gets 429; 0: as many as there may be. Behind a proxy it is the client's only if the proxy is one of {@code
 *     tailrace.limits.trusted-proxies}
 * @param connectionLimitPolicy what happens to one more: {@code refuse} it with 503, or {@code close-oldest}
 * @param maxChannels channels that one stream may have
 * @param discardBytes what a client may send after its request for a stream; more closes the connection
 * @param clientFrameBytes what one frame of a WebSocket's client may carry; more closes the connection, with 1009
 * @param closeTimeout how long a client has to take what was written before its connection is cut
 * @param retryAfter the middle of the jittered {@code Retry-After} of a 503
 * @param drainTime over which the streams of an edge that shuts down are closed; {@code tailrace.http.shutdown-grace}
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
     * @param windowBytes the newest bytes of each partition that are kept in memory for those who join or lag a little
     * @param fetchWait how long a broker holds a fetch when there is nothing new; a newly wanted partition waits as long
     *     at most
     * @param fetchBytes what one fetch brings, and of one partition at most
     * @param linger how long a partition is read on after its last stream has gone
     * @param backlogBytes batches that an event loop has not taken yet; above it reading pauses until it has
     * @param checkInterval how often topics are looked at: created anew, without leader, shortened by retention
     * @param requestTimeout for questions to the brokers about topics and offsets
     * @param retryBackoff the first pause after a question or a read that failed; each further one is twice as long
     * @param retryLongest the longest pause of a thread whose reads fail, or whose consumer cannot be made
     * @param epochQuestions questions to the brokers where leader epochs end that may be open at the same time; one more
     *     fails at once
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
     * @param readers threads that read, each with its own consumer
     * @param chunkBytes bytes of records in one read, about
     * @param bytesPerSecond the most that replays read in a second, all together
     * @param burstBytes what may be read at once after a pause
     * @param cacheBytes older records that were read lately and are kept, so that those who come back a little later than
     *     others need no read of their own; 0 for none
     * @param cacheTime what was not wanted for so long is not kept
     * @param readTimeout for one read
     * @param lastScanBytes how far {@code last:N} looks back in a partition; if that is not enough, the stream starts with
     *     the oldest event that was found
     * @param lastWaiting requests with {@code last:N} that may wait for their turn; one more gets 503
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
     * @param readers threads that read pages, each with its own consumer
     * @param waiting requests that may wait for one of them; one more gets 503
     * @param scanBytes bytes of records, those of other channels too, that are read for one page; then it ends, with however few
     *     events
     * @param readTimeout for each question to the brokers and each read; a request that has waited as long gets 503
     * @param heldBytes pages that were read and that their clients have not taken; above it a request gets 503
     * @param writeTimeout how long a client has to take a page; then its connection is closed
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
     * @param replayCacheBytes bytes of older records that an event loop keeps for slow readers
     * @param streamTurnBytes the most that one stream that lags gets before the next one has its turn
     * @param turnBytes the most that all lagging streams get before new records have their turn
     * @param appendBytes the most of events that is written to one connection before it is asked again whether it takes more; a
     *     larger event is written in parts
     * @param highWaterBytes a connection with so many bytes that the network has not taken gets no more
     * @param lowWaterBytes until it has at most so many
     * @param openTimeout how long {@code stream.open} waits for partitions without leader before it tells which they are
     * @param heartbeat a stream without any other write gets a comment, a WebSocket a Ping, after this time
     * @param position a stream whose cursor moved without an event gets an id after this time
     * @param stallTimeout a client that takes no byte for this time, though there are some, is cut
     * @param pongTimeout a client of a WebSocket that says nothing for this time after a Ping is cut
     * @param retry the middle of the jittered {@code retry:}
     * @param pendingChangeBytes {@code stream.channels} events that wait for a client that does not read
     * @param waitingChanges changes of one stream's channels that may wait for the log to be searched, or for those before
     *     them; of one more only the token is taken over, and the stream is told
     * @param changeTimeout how long a change waits for {@code last:N} to be found; then these channels are refused as
     *     {@code unavailable} and the rest is done
     * @param pendingBytes the most that the connections of one event loop hold together, in direct memory, of what the network has
     *     not taken; above it each gets no more than its reserve
     * @param reserveBytes what a connection may hold of that in any case, so that those who do not read can't stop those
     *     who do
     * @param tick how often heartbeats, ends of tokens and the like are looked after
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
     * @param target who answers {@code Query} if this process does not, such as {@code dns:///ingest-api:9090}; without it an edge that runs
     *     alone does not answer {@code Watch}
     * @param tls whether the target speaks TLS
     * @param queries how many queries are under way at the same time; further calls wait for their turn. Less than {@code
     *     tailrace.series-queries.max-readers} of who answers them
     * @param queryTimeout how long the answer to a query may take
     * @param historyBytes histories that were read and that their clients have not taken, all together, and of one address a quarter; above it
     *     a call is answered UNAVAILABLE
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
