package io.tailrace.exporter.bigquery;

import io.tailrace.exporter.export.ExportPlan;
import io.tailrace.exporter.export.JobFolder;
import io.tailrace.exporter.export.Range;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The folder of an export to BigQuery. The files of its segments are its position: one that is not written yet has its rows, and one that is
 * written has none any more. Thread-safe.
 */
final class SegmentFolder {
    private static final Pattern FILE =
            Pattern.compile("(?<source>.+)-(?<partition>\\d{3,6})-(?<from>\\d{20})\\.segment");

    /** Written segments of each partition that stay for attempts that were frozen; only the last one is needed. */
    private static final int KEPT = 20;

    private final JobFolder folder;

    SegmentFolder(Path folder) throws IOException {
        this.folder = new JobFolder(folder);
    }

    Optional<ExportPlan> plan(UUID job) throws IOException {
        return folder.plan(job, ExportPlan.class);
    }

    ExportPlan keepPlan(UUID job, String writer, ExportPlan plan) throws IOException {
        return folder.keepPlan(job, writer, plan, ExportPlan.class);
    }

    /** The segments of a source, in the order of partitions and offsets. */
    List<Segment> segments(String source) throws IOException {
        List<Segment> all = new ArrayList<>();
        for (Path file : folder.files()) {
            Matcher name = FILE.matcher(file.getFileName().toString());
            if (name.matches() && name.group("source").equals(source)) {
                all.add(Spool.read(file));
            }
        }
        all.sort(Comparator.comparingInt(Segment::partition).thenComparingLong(Segment::from));
        return all;
    }

    /** Behind the last segment of each partition. */
    Map<Integer, Long> exported(String source) throws IOException {
        Map<Integer, Long> ends = new TreeMap<>();
        segments(source).forEach(segment -> ends.merge(segment.partition(), segment.to(), Math::max));
        return ends;
    }

    /** The segment that begins at an offset, as it is now. */
    Optional<Segment> at(String source, int partition, long from) throws IOException {
        try {
            return Optional.of(Spool.read(file(source, partition, from)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** The file of a segment. */
    Path file(Segment segment) {
        return file(segment.source(), segment.partition(), segment.from());
    }

    private Path file(String source, int partition, long from) {
        return folder.file(name(source, partition, from));
    }

    private static String name(String source, int partition, long from) {
        return String.format(Locale.ROOT, "%s-%03d-%020d.segment", source, partition, from);
    }

    /** Where a segment is made before it has its name. */
    Path temporary(UUID job, String writer) {
        return folder.temporary(job, writer);
    }

    /**
     * Gives a segment its name, unless there is one that begins where it does. Whoever is second takes that of the first, so no two
     * overlap.
     *
     * @return the segment that counts
     */
    Segment create(Path temporary, Segment segment) throws IOException {
        if (folder.create(temporary, name(segment.source(), segment.partition(), segment.from()))) {
            return segment;
        }
        return Spool.read(file(segment));
    }

    /** Keeps that a segment is written, and forgets its rows. */
    Segment written(Segment segment, UUID job, String writer) throws IOException {
        Segment written = segment.asWritten();
        Path temporary = temporary(job, writer + "-written");
        Spool.withoutRows(temporary, written);
        folder.publish(temporary, name(segment.source(), segment.partition(), segment.from()));
        return written;
    }

    /** Whether there is a segment that begins behind an offset of a partition. */
    boolean hasBehind(String source, Range range, long offset) throws IOException {
        for (Path file : folder.files()) {
            Matcher name = FILE.matcher(file.getFileName().toString());
            if (name.matches()
                    && name.group("source").equals(source)
                    && Integer.parseInt(name.group("partition")) == range.partition()
                    && Long.parseLong(name.group("from")) > offset) {
                return true;
            }
        }
        return false;
    }

    void tidy() throws IOException {
        folder.tidy();
    }

    /** Deletes what nobody needs of a source: written segments with enough others behind them. */
    void forget(String source) throws IOException {
        Map<Integer, List<Segment>> written = new TreeMap<>();
        for (Segment segment : segments(source)) {
            if (segment.written()) {
                written.computeIfAbsent(segment.partition(), partition -> new ArrayList<>())
                        .add(segment);
            }
        }
        for (List<Segment> each : written.values()) {
            for (Segment old : each.subList(0, Math.max(0, each.size() - KEPT))) {
                Files.deleteIfExists(file(old));
            }
        }
    }
}
