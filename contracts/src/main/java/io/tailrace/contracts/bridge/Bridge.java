package io.tailrace.contracts.bridge;

import io.tailrace.contracts.identity.DerivedId;
import io.tailrace.contracts.job.JobSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A bridge: metrics of another server that implements {@code SeriesService.Watch}, copied into the log. It is the payload of a system
 * schedule, whose jobs of the type {@value #JOB_TYPE} do the copying.
 *
 * @param name {@code [a-z][a-z0-9_.-]{0,47}}
 * @param target the host and the port of the source, {@code host:port} or {@code [IPv6]:port}
 * @param tls how the source is checked; null for clear text
 * @param metrics what is copied; at least one, each once
 * @param resolution {@value #RAW} for each reading, else the label of a resolution of the source
 * @param intervalMs the least time between two messages of a metric, in milliseconds; 0 for each change
 * @param createdAt when there came to be a bridge of this name; its history begins there
 * @param setAt when it was set last
 */
public record Bridge(
        String name,
        String target,
        @Nullable BridgeTls tls,
        List<BridgedMetric> metrics,
        String resolution,
        long intervalMs,
        Instant createdAt,
        Instant setAt) {
    /** The type of its jobs, and their queue is {@code bridges}. */
    public static final String JOB_TYPE = "bridge";

    /** The resolution that is no windows but each reading. */
    public static final String RAW = "raw";

    /** What the names of the schedules of bridges begin with. */
    public static final String SCHEDULE_PREFIX = JobSchedule.SYSTEM_PREFIX + "bridge.";

    /** The longest time between two messages. */
    public static final Duration MAX_INTERVAL = Duration.ofHours(1);

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_.-]{0,47}");
    private static final Pattern RESOLUTION = Pattern.compile(RAW + "|[1-9][0-9]{0,4}[smhd]");
    private static final Pattern TARGET =
            Pattern.compile("([A-Za-z0-9]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]{2,45}]):([0-9]{1,5})");
    private static final int MAX_PORT = 65_535;

    /** Checks the ranges. */
    public Bridge {
        check("name", isName(name), "[a-z][a-z0-9_.-]{0,47}");
        check("target", isTarget(target), "host:port");
        check("resolution", isResolution(resolution), RAW + " or a resolution such as 1s");
        check("interval_ms", intervalMs >= 0 && intervalMs <= MAX_INTERVAL.toMillis(), "0 to an hour");
        metrics = List.copyOf(metrics);
        check("metrics", !metrics.isEmpty(), "at least one");
        Set<String> remotes = new HashSet<>();
        Set<String> names = new HashSet<>();
        metrics.forEach(metric -> {
            check("metrics", remotes.add(metric.remote()), "each of the source's metrics once");
            check("metrics", names.add(metric.name()), "each name once");
        });
    }

    private static void check(String field, boolean valid, String expected) {
        if (!valid) {
            throw new IllegalArgumentException(field + ": expected " + expected);
        }
    }

    /** Whether a bridge may have this name. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** Whether it is a host and a port. */
    public static boolean isTarget(String text) {
        Matcher matcher = TARGET.matcher(text);
        if (!matcher.matches()) {
            return false;
        }
        int port = Integer.parseInt(matcher.group(3));
        return port >= 1 && port <= MAX_PORT;
    }

    /** Whether it is a text for {@link #resolution}. */
    public static boolean isResolution(String text) {
        return RESOLUTION.matcher(text).matches();
    }

    /**
     * The length of the windows of a resolution.
     *
     * @param label a resolution other than {@value #RAW}
     */
    public static Duration length(String label) {
        long count = Long.parseLong(label.substring(0, label.length() - 1));
        return switch (label.charAt(label.length() - 1)) {
            case 's' -> Duration.ofSeconds(count);
            case 'm' -> Duration.ofMinutes(count);
            case 'h' -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    /** The name of the schedule that supervises a bridge. */
    public static String schedule(String bridge) {
        return SCHEDULE_PREFIX + bridge;
    }

    /** The name of the bridge that a schedule supervises; empty if it supervises none. */
    public static Optional<String> ofSchedule(String schedule) {
        return schedule.startsWith(SCHEDULE_PREFIX)
                ? Optional.of(schedule.substring(SCHEDULE_PREFIX.length()))
                : Optional.empty();
    }

    /** The id of the metric that a bridge copies to: the same one whenever a bridge of this name has a metric of that name. */
    public UUID metricId(BridgedMetric metric) {
        return DerivedId.of(name, "bridge-metric", metric.name());
    }

    /**
     * What a position in the source's numbering counts for. If it changes, the position of before says nothing.
     *
     * @param metric one of {@link #metrics}
     */
    public String numbering(BridgedMetric metric) {
        return String.join(" ", createdAt.toString(), target, resolution, metric.remote());
    }

    /**
     * The id of the event that copies a message of the source, or of a gap behind it.
     *
     * @param what {@code reading} or {@code gap}
     * @param call which call to the source it is: another call may give the same number to another message
     * @param epoch the name of the source's numbering
     * @param sequence the number of the message
     */
    public UUID eventId(String what, BridgedMetric metric, UUID call, String epoch, long sequence) {
        return DerivedId.of(name, "bridge-" + what, metricId(metric), sequence + " " + call + "\0" + epoch);
    }
}
