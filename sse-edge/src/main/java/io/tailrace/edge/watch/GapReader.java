package io.tailrace.edge.watch;

import com.google.protobuf.Timestamp;
import io.tailrace.contracts.series.SeriesGap;
import io.tailrace.grpc.series.v1.WatchGap;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes gaps of the events by which bridges tell what they could not copy. Stateless. */
public final class GapReader {
    private GapReader() {}

    /** As much of an event as is read. */
    private record Envelope(@Nullable SeriesGap data) {}

    /**
     * The gap of an event, without its sequence numbers: they are those of the bridge's source.
     *
     * @param type the event's type
     * @param envelope {@code {"channel", "id", "time", "data"}} as JSON
     * @return null if it is about something else
     * @throws IllegalArgumentException if it is not as it must be
     */
    public static @Nullable WatchGap read(String type, String envelope) {
        if (!type.equals(SeriesGap.TYPE)) {
            return null;
        }
        SeriesGap gap;
        try {
            gap = Json.read(envelope.getBytes(StandardCharsets.UTF_8), Envelope.class)
                    .data();
        } catch (IOException e) {
            throw new IllegalArgumentException("an event " + type + " is not as it must be", e);
        }
        if (gap == null || gap.reason() == null) {
            throw new IllegalArgumentException("an event " + type + " has no data or no reason");
        }
        WatchGap.Builder told = WatchGap.newBuilder().setReason(gap.reason());
        if (gap.from() != null) {
            told.setFrom(time(gap.from()));
        }
        if (gap.to() != null) {
            told.setTo(time(gap.to()));
        }
        return told.build();
    }

    private static Timestamp time(Instant at) {
        return Timestamp.newBuilder()
                .setSeconds(at.getEpochSecond())
                .setNanos(at.getNano())
                .build();
    }
}
