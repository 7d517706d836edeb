package io.tailrace.exporter.parquet;

import io.tailrace.exporter.export.ExportPlan;
import io.tailrace.exporter.export.JobFolder;
import io.tailrace.exporter.export.Range;
import java.io.IOException;
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
 * The folder of an export to files. Its files are what is exported: their names have the partition and the offsets that they cover, so the
 * position of an export cannot differ from its files. Thread-safe.
 */
final class ExportFolder {
    private static final Pattern FILE =
            Pattern.compile("(?<source>.+)-(?<partition>\\d{3,6})-(?<first>\\d{20})-(?<last>\\d{20})\\.parquet");

    private final JobFolder folder;

    ExportFolder(Path folder) throws IOException {
        this.folder = new JobFolder(folder);
    }

    /** What a file covers, and where it is. */
    record Covered(String source, Range range, Path file) {}

    /** What the files of a source cover, in the order of partitions and offsets. */
    List<Covered> covered(String source) throws IOException {
        List<Covered> all = new ArrayList<>();
        for (Path file : folder.files()) {
            Matcher name = FILE.matcher(file.getFileName().toString());
            if (name.matches() && name.group("source").equals(source)) {
                Range range = new Range(
                        Integer.parseInt(name.group("partition")),
                        Long.parseLong(name.group("first")),
                        Long.parseLong(name.group("last")) + 1);
                all.add(new Covered(source, range, file));
            }
        }
        all.sort(Comparator.<Covered>comparingInt(each -> each.range().partition())
                .thenComparingLong(each -> each.range().from()));
        return all;
    }

    /** Up to where the files of a source cover a range from its beginning without a gap. */
    long reached(String source, Range range) throws IOException {
        long reached = range.from();
        for (Covered each : covered(source)) {
            if (each.range().partition() == range.partition() && each.range().from() <= reached) {
                reached = Math.max(reached, each.range().to());
            }
        }
        return Math.min(reached, range.to());
    }

    /** Behind the last file of each partition. */
    Map<Integer, Long> exported(String source) throws IOException {
        Map<Integer, Long> ends = new TreeMap<>();
        covered(source)
                .forEach(each ->
                        ends.merge(each.range().partition(), each.range().to(), Math::max));
        return ends;
    }

    Optional<ExportPlan> plan(UUID job) throws IOException {
        return folder.plan(job, ExportPlan.class);
    }

    ExportPlan keep(UUID job, String writer, ExportPlan plan) throws IOException {
        return folder.keepPlan(job, writer, plan, ExportPlan.class);
    }

    /** Where a file is written before it has its name. */
    Path temporary(UUID job, String writer) {
        return folder.temporary(job, writer);
    }

    /** Gives a file its name. One of the same name has the same rows, and is replaced. */
    void publish(Path temporary, String source, Range range) throws IOException {
        folder.publish(
                temporary,
                String.format(
                        Locale.ROOT,
                        "%s-%03d-%020d-%020d.parquet",
                        source,
                        range.partition(),
                        range.from(),
                        range.to() - 1));
    }

    void tidy() throws IOException {
        folder.tidy();
    }
}
