package io.tailrace.edge.watch;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.tailrace.contracts.series.Resolution;
import io.tailrace.contracts.series.Resolutions;
import io.tailrace.contracts.series.SeriesPoint;
import io.tailrace.grpc.series.v1.WatchRequest;
import io.tailrace.kit.problem.Problem;
import io.tailrace.kit.problem.ProblemException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to watch, checked. Immutable.
 *
 * @param metric the metric
 * @param resolution the label of the resolution, or {@link #RAW}
 * @param lengthMs the length of the windows; 1 for readings
 * @param fromMs points before this time are not wanted; {@link Long#MIN_VALUE} if all are.
 * @param toMs points from this time on are not wanted, and the call ends behind it; {@link Long#MAX_VALUE} if there is no end
 * @param intervalMs the least time between points; 0 for each at once
 * @param maxPoints of the history; 0 for the default
 * @param cursor where it goes on; null if it is new
 * @param nowMs when it was asked
 */
public record WatchQuestion(
        UUID metric,
        String resolution,
        long lengthMs,
        long fromMs,
        long toMs,
        long intervalMs,
        int maxPoints,
        @Nullable WatchCursor cursor,
        long nowMs) {
    /** The resolution of the readings themselves. */
    public static final String RAW = "raw";

    /** The channel of all readings. */
    public static final String READINGS_CHANNEL = "metrics";

    private static final int MOST_POINTS = 10_000;
    private static final long LONGEST_INTERVAL_MS = TimeUnit.HOURS.toMillis(1);
    private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2999-12-31T00:00:00Z");
    private static final int SHOWN = 60;

    /** {@link UUID#fromString} alone would take "1-1-1-1-1" too. */
    private static final Pattern ID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    /**
     * Reads a request.
     *
     * @throws ProblemException 400 with every fault
     */
    public static WatchQuestion read(WatchRequest request, Resolutions resolutions, long nowMs) {
        List<Problem.FieldError> faults = new ArrayList<>();
        UUID metric = metric(request.getMetricId(), faults);
        String label = request.getResolution().isEmpty() ? resolutions.finest().label() : request.getResolution();
        boolean raw = label.equals(RAW);
        Resolution resolution = resolutions.of(label).orElse(null);
        if (resolution == null && !raw) {
            String known = resolutions.all().stream().map(Resolution::label).collect(Collectors.joining(", "));
            faults.add(fault("resolution", shown(label) + ", expected " + known + " or " + RAW));
        }
        long lengthMs = resolution == null ? 1 : resolution.lengthMs();
        long fromMs = request.hasFrom() ? time("from", request.getFrom(), faults) : Long.MIN_VALUE;
        long toMs = request.hasTo() ? time("to", request.getTo(), faults) : Long.MAX_VALUE;
        WatchCursor cursor = metric == null || request.getCursor().isEmpty()
                ? null
                : cursor(request.getCursor(), metric, label, toMs, faults);
        if (cursor != null) {
            fromMs = cursor.fromMs();
        } else if (request.hasFrom() && resolution != null) {
            fromMs = resolution.startOf(fromMs);
        }
        if (fromMs >= toMs && faults.isEmpty()) {
            faults.add(fault("to", Instant.ofEpochMilli(toMs) + ", expected a time after from"));
        }
        long intervalMs = request.hasInterval() ? interval(request.getInterval(), faults) : 0;
        int maxPoints = maxPoints(request.getMaxPoints(), raw, faults);
        if (metric == null || !faults.isEmpty()) {
            throw ProblemException.invalid(faults);
        }
        return new WatchQuestion(metric, label, lengthMs, fromMs, toMs, intervalMs, maxPoints, cursor, nowMs);
    }

    /** Whether readings are wanted, and not windows of them. */
    public boolean isRaw() {
        return resolution.equals(RAW);
    }

    /** Whether the history comes from {@code Query}, and not from the channel. */
    public boolean asksForHistory() {
        if (isRaw()) {
            return false;
        }
        return cursor == null ? fromMs != Long.MIN_VALUE : !cursor.told().isComplete();
    }

    /** Whether the channel is read from its oldest event on, if there is no cursor. */
    public boolean readsOldest() {
        return isRaw() && fromMs != Long.MIN_VALUE && fromMs < nowMs;
    }

    /** The channel that carries the points. */
    public String channel() {
        return isRaw() ? READINGS_CHANNEL : SeriesPoint.channel(metric, resolution);
    }

    /** Whether a point of this time is wanted. */
    public boolean wants(long tMs) {
        return tMs >= fromMs && tMs < toMs;
    }

    private static @Nullable UUID metric(String text, List<Problem.FieldError> faults) {
        if (!ID.matcher(text).matches()) {
            faults.add(fault("metric_id", shown(text) + ", expected a UUID"));
            return null;
        }
        return UUID.fromString(text);
    }

    private static @Nullable WatchCursor cursor(
            String text, UUID metric, String resolution, long toMs, List<Problem.FieldError> faults) {
        try {
            return WatchCursor.decode(text, metric.toString(), resolution, toMs);
        } catch (WatchCursor.Malformed e) {
            faults.add(fault("cursor", String.valueOf(e.getMessage())));
            return null;
        }
    }

    private static long time(String field, Timestamp time, List<Problem.FieldError> faults) {
        try {
            Instant instant = Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
            if (!instant.isBefore(EARLIEST) && !instant.isAfter(LATEST)) {
                return instant.toEpochMilli();
            }
        } catch (DateTimeException | ArithmeticException e) {
            // Told below, as one that is out of range.
        }
        faults.add(fault(field, "is out of range, expected a time from 1970 to 2999"));
        return 0;
    }

    private static long interval(Duration interval, List<Problem.FieldError> faults) {
        long seconds = interval.getSeconds();
        long ms = seconds * 1_000 + interval.getNanos() / 1_000_000;
        boolean inRange = seconds >= 0 && seconds <= LONGEST_INTERVAL_MS / 1_000 && interval.getNanos() >= 0;
        if (!inRange || ms > LONGEST_INTERVAL_MS) {
            faults.add(fault("interval", seconds + " s, expected 0 to an hour"));
            return 0;
        }
        return ms;
    }

    private static int maxPoints(int points, boolean raw, List<Problem.FieldError> faults) {
        if (points < 0 || points > MOST_POINTS) {
            faults.add(fault(
                    "max_points",
                    Integer.toUnsignedString(points) + ", expected a whole number from 1 to " + MOST_POINTS));
        } else if (raw && points != 0) {
            faults.add(fault("max_points", points + ", expected none: readings are told whole"));
        }
        return points;
    }

    private static Problem.FieldError fault(String field, String message) {
        return new Problem.FieldError(field, message);
    }

    private static String shown(String text) {
        String start = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        return "\"" + start.replaceAll("\\p{Cntrl}", "?") + "\"";
    }
}
