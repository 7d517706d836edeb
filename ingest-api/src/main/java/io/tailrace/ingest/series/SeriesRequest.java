package io.tailrace.ingest.series;

import io.tailrace.contracts.series.Resolution;
import io.tailrace.contracts.series.Resolutions;
import io.tailrace.ingest.input.Faults;
import io.tailrace.ingest.input.Texts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants of a series, checked.
 *
 * @param range the time that was asked for
 * @param resolution of the windows
 * @param read the part of the range that can have windows, on whole windows
 * @param maxPoints the most points of the answer
 * @param columns of the answer
 * @param csv whether the answer is CSV; JSON otherwise
 */
record SeriesRequest(
        TimeRange range,
        Resolution resolution,
        TimeRange read,
        int maxPoints,
        List<SeriesColumn> columns,
        boolean csv) {
    static final int USUAL_POINTS = 500;
    static final int MOST_POINTS = 10_000;

    /** The most windows between {@code from} and {@code to}. */
    static final int MOST_WINDOWS = 50_000;

    /** With {@code auto}, so many windows are read of each point that is shown: enough for the shown ones to be chosen well. */
    private static final int WINDOWS_PER_POINT = 4;

    private static final String AUTO = "auto";

    /** The parameters as they came; null for what is missing. */
    record Parameters(
            @Nullable String from,
            @Nullable String to,
            @Nullable String resolution,
            @Nullable String maxPoints,
            @Nullable String columns,
            @Nullable String format) {}

    /**
     * Reads the parameters.
     *
     * @param now the time of the request
     * @param ahead how far ahead of it windows may be. Without {@code to} these are read, too: the channel has told them before the position
     *     of the answer, and will not tell them again
     * @throws io.tailrace.kit.problem.ProblemException 400 with every fault
     */
    static SeriesRequest read(Parameters wanted, Resolutions resolutions, Instant now, Duration ahead) {
        Faults faults = new Faults();
        TimeRange range = TimeRange.read(wanted.from(), wanted.to(), now, faults);
        int maxPoints = maxPoints(wanted.maxPoints(), faults);
        List<SeriesColumn> columns = columns(wanted.columns(), faults);
        boolean csv = "csv".equals(wanted.format());
        if (wanted.format() != null && !csv && !wanted.format().equals("json")) {
            faults.add("format", Texts.shown(wanted.format()) + ", expected json or csv");
        }
        Resolution resolution =
                range == null ? null : resolution(wanted.resolution(), resolutions, range, maxPoints, now, faults);
        faults.throwIfAny();
        if (range == null || resolution == null) {
            throw new IllegalStateException("what is missing is a fault");
        }
        TimeRange read = readable(range, resolution, now);
        if (wanted.to() == null) {
            read = new TimeRange(read.from(), read.to().plus(ahead));
        }
        return new SeriesRequest(range, resolution, read, maxPoints, columns, csv);
    }

    /** The most windows that there can be to read. */
    int mostWindows() {
        return Math.toIntExact(windows(read, resolution));
    }

    private static @Nullable Resolution resolution(
            @Nullable String label,
            Resolutions resolutions,
            TimeRange range,
            int maxPoints,
            Instant now,
            Faults faults) {
        if (label == null || label.equals(AUTO)) {
            return fitting(resolutions, range, maxPoints, now);
        }
        Resolution resolution = resolutions.of(label).orElse(null);
        if (resolution == null) {
            faults.add(
                    "resolution",
                    Texts.shown(label) + ", expected auto, "
                            + resolutions.all().stream().map(Resolution::label).collect(Collectors.joining(", ")));
            return null;
        }
        // Of the range as it was asked for: a part of it without a word would look like all there is.
        long windows = windows(range, resolution);
        if (windows > MOST_WINDOWS) {
            faults.add(
                    "resolution",
                    label + " has " + windows + " windows between from and to, expected at most " + MOST_WINDOWS
                            + "; ask for a shorter range, a coarser resolution or auto");
        }
        return resolution;
    }

    /** The finest resolution that still has the beginning of the range, and not too many windows; else the coarsest. */
    private static Resolution fitting(Resolutions resolutions, TimeRange range, int maxPoints, Instant now) {
        long most = Math.min(MOST_WINDOWS, (long) maxPoints * WINDOWS_PER_POINT);
        for (Resolution resolution : resolutions.all()) {
            if (windows(range, resolution) <= most && !range.from().isBefore(now.minus(resolution.retention()))) {
                return resolution;
            }
        }
        return resolutions.coarsest();
    }

    private static long windows(TimeRange range, Resolution resolution) {
        long lengthMs = range.to().toEpochMilli() - range.from().toEpochMilli();
        return (lengthMs + resolution.lengthMs() - 1) / resolution.lengthMs();
    }

    /** Windows that are no longer kept, or not yet begun, need not be looked for; at most as many as are read, the latest. */
    private static TimeRange readable(TimeRange range, Resolution resolution, Instant now) {
        Instant from = resolution.startOf(range.from());
        Instant oldest = resolution.startOf(now.minus(resolution.retention()));
        Instant latest = now.plusMillis(2 * resolution.lengthMs()).plus(Duration.ofDays(30));
        Instant to = range.to().isAfter(latest) ? latest : range.to();
        Instant mostFrom = resolution
                .startOf(to.minusMillis(resolution.lengthMs() * MOST_WINDOWS))
                .plusMillis(resolution.lengthMs());
        from = from.isBefore(oldest) ? oldest : from;
        from = from.isBefore(mostFrom) ? mostFrom : from;
        return new TimeRange(from, to.isBefore(from) ? from : to);
    }

    private static int maxPoints(@Nullable String text, Faults faults) {
        if (text == null) {
            return USUAL_POINTS;
        }
        int points;
        try {
            points = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            points = 0;
        }
        if (points < 1 || points > MOST_POINTS) {
            faults.add("max_points", Texts.shown(text) + ", expected a whole number from 1 to " + MOST_POINTS);
            return USUAL_POINTS;
        }
        return points;
    }

    private static List<SeriesColumn> columns(@Nullable String text, Faults faults) {
        if (text == null) {
            return SeriesColumn.USUAL;
        }
        List<SeriesColumn> columns = new ArrayList<>();
        for (String label : text.split(",", -1)) {
            SeriesColumn column = SeriesColumn.of(label).orElse(null);
            if (column == null || columns.contains(column)) {
                faults.add(
                        "columns",
                        Texts.shown(label) + (column == null ? "" : " twice") + ", expected some of "
                                + Arrays.stream(SeriesColumn.values())
                                        .map(SeriesColumn::label)
                                        .collect(Collectors.joining(", ")));
                return SeriesColumn.USUAL;
            }
            columns.add(column);
        }
        return columns;
    }
}
