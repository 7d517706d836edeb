package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Cursor;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A stream to open.
 *
 * @param connectionId its name towards the client
 * @param mode how events are framed
 * @param channels what it reads, each channel once; {@link ResumePlan} makes them from a cursor
 * @param resumed whether the client came with a cursor that could be used
 * @param unusableCursor why the client's cursor could not be used at all, if it is to be told by {@code stream.reset}
 *     instead of a 400; null otherwise
 * @param tokenExpiresAtMs when the stream's token ends, in milliseconds since the epoch; {@link Long#MAX_VALUE} if never
 * @param heartbeatMs the longest time without a {@code stream.heartbeat} event, in milliseconds; 0 for none of them
 */
public record StreamPlan(
        String connectionId,
        Mode mode,
        List<WantedChannel> channels,
        boolean resumed,
        @Nullable ResetReason unusableCursor,
        long tokenExpiresAtMs,
        long heartbeatMs) {
    /**
     * The most channels of one stream: a cursor must be able to name each of them, and the partition of each.
     * So a stream that keeps to it never has more partitions than a cursor may name.
     */
    public static final int MAX_CHANNELS = Math.min(Cursor.MAX_CHANNELS, Cursor.MAX_PARTITIONS);

    /** How events are framed. */
    public enum Mode {
        /** {@code GET /events}: enveloped events and {@code stream.*} control events. */
        CHANNELS,
        /** {@code GET /events/watch}: bare events, the unnamed messages {@code connected} and {@code disconnected}. */
        WATCH,
        /** {@code GET /events} with {@code Upgrade: websocket}: the same events, each as one text message (RFC 6455). */
        WEBSOCKET,
        /** {@code ChannelService.Subscribe}: the same events as frames of gRPC responses. */
        GRPC
    }

    /** A stream without {@code stream.heartbeat} events. */
    public StreamPlan(
            String connectionId,
            Mode mode,
            List<WantedChannel> channels,
            boolean resumed,
            @Nullable ResetReason unusableCursor,
            long tokenExpiresAtMs) {
        this(connectionId, mode, channels, resumed, unusableCursor, tokenExpiresAtMs, 0);
    }

    /** Copies the list and checks it. */
    public StreamPlan {
        channels = List.copyOf(channels);
        if (channels.isEmpty() || channels.size() > MAX_CHANNELS) {
            throw new IllegalArgumentException(
                    "stream " + connectionId + ": " + channels.size() + " channels, expected 1 to " + MAX_CHANNELS);
        }
        if (heartbeatMs < 0) {
            throw new IllegalArgumentException(
                    "stream " + connectionId + ": heartbeatMs " + heartbeatMs + ", expected at least 0");
        }
        Set<String> names = new HashSet<>();
        for (WantedChannel channel : channels) {
            if (!names.add(channel.name())) {
                throw new IllegalArgumentException("stream " + connectionId + ": channel " + channel.name() + " twice");
            }
        }
        if (!ChannelHashes.collisions(channels).isEmpty()) {
            throw new IllegalArgumentException(
                    "stream " + connectionId + ": channels that share a hash: " + ChannelHashes.collisions(channels));
        }
    }

    /** The same from a cursor on. */
    public StreamPlan resumedAt(Cursor cursor) {
        return new StreamPlan(
                connectionId,
                mode,
                ResumePlan.split(cursor, channels),
                true,
                unusableCursor,
                tokenExpiresAtMs,
                heartbeatMs);
    }

    /** Whether it reads something that is in the log already, so that {@code stream.caught_up} will be told. */
    public boolean isReplay() {
        return channels.stream().anyMatch(channel -> !(channel.start() instanceof Start.Live));
    }
}
