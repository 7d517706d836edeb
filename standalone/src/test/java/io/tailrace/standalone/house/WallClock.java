package io.tailrace.standalone.house;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Who may read the time of day. Somebody can set it, so a duration or a deadline measured by it is wrong by as much; whoever
 * reads it is in a list with the reason, and whoever is not in it uses {@code System.nanoTime()}, {@code MonotonicTime} or
 * {@code performance.now()}. A reader is found by what it calls or imports, and whether it subtracts is for people to see: that
 * is why each is listed by its file.
 */
final class WallClock {
    /** The list, a line for each file: its name from the root, a colon and the reason. */
    static final String LIST = "standalone/src/test/resources/house/wall-clock-readers.txt";

    private static final Pattern JAVA = Pattern.compile("\\bcurrentTimeMillis\\b"
        + "|\\b(?:Instant|LocalDate|LocalTime|LocalDateTime|ZonedDateTime|OffsetDateTime|Year)\\s*(?:\\.|::)\\s*now\\b|\\bnew"
        + " Date\\(\\)|\\bimport java\\.time\\.(?:Clock|InstantSource);");

    private static final Pattern SCRIPT = Pattern.compile("\\bDate\\.now\\b|\\bnew Date\\(\\)");

    private final SourceTree tree;
    private final Map<String, String> reasons;

    WallClock(SourceTree tree) {
        this.tree = tree;
        this.reasons = reasons(SourceTree.read(tree.root().resolve(LIST)));
    }

    /** Files that read it without a reason, and lines of the list that have no such file or no reason. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        Map<String, String> unused = new TreeMap<>(reasons);
        for (String reader : readers()) {
            String reason = unused.remove(reader);
            if (reason == null) {
                faults.add(reader + " reads the time of day and is not in " + LIST);
            } else if (reason.isBlank()) {
                faults.add(reader + " is in " + LIST + " without a reason");
            }
        }
        unused.keySet().forEach(name -> faults.add(name + " is in " + LIST + " and does not read the time of day"));
        return faults;
    }

    private List<String> readers() {
        List<String> readers = new ArrayList<>();
        tree.javaFiles().forEach(file -> add(readers, file, JAVA));
        tree.scripts().forEach(file -> add(readers, file, SCRIPT));
        return readers;
    }

    /** Tests are left out: what they wait for has a limit of its own kind, and no user waits with them. */
    private void add(List<String> readers, Path file, Pattern reading) {
        String name = tree.name(file);
        if (!name.matches("(?:.*/)?(?:tests?|src/test)/.*")
                && reading.matcher(SourceTree.read(file)).find()) {
            readers.add(name);
        }
    }

    private static Map<String, String> reasons(String list) {
        Map<String, String> reasons = new TreeMap<>();
        list.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(line -> {
            int colon = line.indexOf(':');
            reasons.put(
                    colon < 0 ? line.strip() : line.substring(0, colon).strip(),
                    colon < 0 ? "" : line.substring(colon + 1).strip());
        });
        return reasons;
    }
}
