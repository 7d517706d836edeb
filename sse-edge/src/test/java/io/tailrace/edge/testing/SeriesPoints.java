package io.tailrace.edge.testing;

import com.google.protobuf.Timestamp;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Cursor.Members;
import io.tailrace.contracts.cursor.Cursor.PartitionPosition;
import io.tailrace.contracts.cursor.Cursor.TopicPosition;
import io.tailrace.contracts.cursor.CursorCodec;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.grpc.series.v1.Point;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Points of windows of one second, as the dispatcher writes them and as {@code Query} answers them. */
public final class SeriesPoints {
    private SeriesPoints() {}

    /** A time of gRPC. */
    public static Timestamp time(long ms) {
        return Timestamp.newBuilder()
                .setSeconds(Math.floorDiv(ms, 1_000))
                .setNanos((int) Math.floorMod(ms, 1_000L) * 1_000_000)
                .build();
    }

    /** The milliseconds of one. */
    public static long ms(Timestamp time) {
        return time.getSeconds() * 1_000 + time.getNanos() / 1_000_000;
    }

    /** Which of two is later, as a comparator says it. */
    public static int compare(Timestamp one, Timestamp other) {
        return Long.compare(ms(one), ms(other));
    }

    /** When a point begins, in milliseconds since the epoch. */
    public static long timeMs(Point point) {
        return ms(point.getTime());
    }

    /** The state of a window with so many readings. */
    public static Point point(long tMs, long count) {
        return Point.newBuilder()
                .setTime(time(tMs))
                .setCount(count)
                .setSum(2.0 * count)
                .setMin(1)
                .setMax(3)
                .setMean(2)
                .setFirst(1)
                .setLast(3)
                .setLastAt(time(tMs))
                .setP50(2)
                .setP95(3)
                .setP99(3)
                .build();
    }

    /** The payload of the event that tells the same. */
    public static String json(String metric, long tMs, long count) {
        String t = Instant.ofEpochMilli(tMs).toString();
        return String.format(
                Locale.ROOT,
                """
                {"metric_id":"%s","resolution":"1s","t":"%s","count":%d,"sum":%.1f,"min":1.0,"max":3.0,"mean":2.0,\
                "first":1.0,"last":3.0,"last_at":"%s","p50":2.0,"p95":3.0,"p99":3.0}""",
                metric,
                t,
                count,
                2.0 * count,
                t);
    }

    /** The cursor of a channel behind an offset. */
    public static String cursor(String channel, Generation generation, long nextOffset) {
        Channel named = new Channel(channel);
        Namespace namespace = Namespaces.builtIn().of(named).orElseThrow();
        PartitionPosition position = new PartitionPosition(
                named.partition(namespace.partitions()),
                nextOffset,
                Cursor.NO_EPOCH,
                Members.of(named.name()),
                List.of());
        return CursorCodec.encode(
                new Cursor(List.of(new TopicPosition(namespace.number(), generation, List.of(position)))));
    }
}
