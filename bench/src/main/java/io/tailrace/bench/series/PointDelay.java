package io.tailrace.bench.series;

import io.tailrace.bench.stand.PacedSender;
import io.tailrace.bench.swarm.Swarm;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** From the moment a reading was due to the arrival of the first point of its window of one second. */
final class PointDelay {
    private static final int BATCH = 10;
    private static final int CHANNELS_PER_STREAM = 10;
    private static final long OPEN_TIMEOUT_MS = 30_000;
    private static final long SETTLE_MS = 3_000;
    private static final byte[] FIRST = "\"count\":1,".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LAST = "\"last\":".getBytes(StandardCharsets.US_ASCII);

    private PointDelay() {}

    /**
     * Measures.
     *
     * @param perSecond readings a second, over all metrics alike
     * @return of each window its first value, in nanoseconds
     */
    static Histogram measure(
            SeriesClient client, String origin, String token, List<String> metrics, int perSecond, int seconds)
            throws Exception {
        int count = perSecond * seconds;
        AtomicLongArray dueNs = new AtomicLongArray(count + 1);
        Histogram delays = new Histogram(3);
        List<Swarm.Request> streams = new ArrayList<>();
        for (int i = 0; i < metrics.size(); i += CHANNELS_PER_STREAM) {
            List<String> channels = metrics.subList(i, Math.min(metrics.size(), i + CHANNELS_PER_STREAM)).stream()
                    .map(metric -> "series:" + metric + ":1s")
                    .toList();
            streams.add(new Swarm.Request("/events?start=live&channels=" + String.join(",", channels), token));
        }
        URI uri = URI.create(origin);
        AtomicLong refused = new AtomicLong();
        try (Swarm swarm = new Swarm(
                new InetSocketAddress(uri.getHost(), uri.getPort()),
                List.of(),
                streams,
                (stream, bytes, from, to, now) -> {
                    int value = find(bytes, from, to, FIRST) < 0 ? -1 : number(bytes, from, to);
                    if (value > 0 && value <= count) {
                        delays.recordValue(Math.max(0, now - dueNs.get(value)));
                    }
                })) {
            swarm.awaitOpen(OPEN_TIMEOUT_MS);
            int[] next = {0};
            PacedSender.run(perSecond / BATCH, count / BATCH, due -> {
                StringBuilder body = new StringBuilder("[");
                for (int i = 0; i < BATCH; i++) {
                    int value = ++next[0];
                    dueNs.set(value, due);
                    body.append(i == 0 ? "" : ",")
                            .append("{\"metric_id\":\"")
                            .append(metrics.get(value % metrics.size()))
                            .append("\",\"value\":")
                            .append(value)
                            .append('}');
                }
                client.addSoon(body.append(']').toString()).whenComplete((status, failure) -> {
                    if (failure != null || status != 200) {
                        refused.incrementAndGet();
                    }
                });
            });
            long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SETTLE_MS);
            while (System.nanoTime() < endNs) {
                swarm.check();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
        if (refused.get() > 0) {
            throw new IllegalStateException(refused + " requests were refused");
        }
        return delays;
    }

    private static int number(byte[] bytes, int from, int to) {
        int at = find(bytes, from, to, LAST);
        int value = 0;
        for (at += LAST.length; at < to && bytes[at] >= '0' && bytes[at] <= '9'; at++) {
            value = value * 10 + bytes[at] - '0';
        }
        return value;
    }

    private static int find(byte[] bytes, int from, int to, byte[] part) {
        for (int at = from; at <= to - part.length; at++) {
            int same = 0;
            while (same < part.length && bytes[at + same] == part[same]) {
                same++;
            }
            if (same == part.length) {
                return at;
            }
        }
        return -1;
    }
}
