package io.tailrace.standalone.house;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds code that was written twice. A run is a sequence of lines that are equal but for white space; imports, comments and blank
 * lines do not count. Every pair of places whose run is longer than {@link #MAX_LINES} must be in a list, with the number of lines
 * and a reason. Tests are not searched.
 */
final class Duplicates {
    /** The longest run that needs no reason, in lines. */
    static final int MAX_LINES = 12;

    /** The list, a line for each pair: how many lines, the two files, a colon and the reason. */
    static final String LIST = "standalone/src/test/resources/house/duplicates.txt";

    private static final int WINDOW = MAX_LINES + 1;

    private static final Pattern ENTRY = Pattern.compile("(\\d+) (\\S+ ~ \\S+?):(.*)");
    private static final Pattern OF_TESTS =
            Pattern.compile("(?:.*/)?(?:tests?|src/test)/.*|.*\\.test\\.[a-z]+|(?:.*/)?(?:test_\\w+|conftest)\\.py");
    private static final Pattern BLOCK_COMMENT = Pattern.compile("(?m)^[ \\t]*/\\*(?s:.*?)\\*/");
    private static final Pattern DOCSTRING = Pattern.compile("(?m)^[ \\t]*\"\"\"(?s:.*?)\"\"\"");
    private static final Pattern NO_CODE = Pattern.compile("//.*|(?:import|package)\\b.*|");
    private static final Pattern NO_PYTHON = Pattern.compile("#.*|(?:import|from)\\b.*|");
    private static final Pattern NO_SQL = Pattern.compile("--.*|");
    private static final Pattern SPACE = Pattern.compile("\\s*(\\W)\\s*");

    private final SourceTree tree;
    private final Map<String, Integer> texts = new HashMap<>();

    Duplicates(SourceTree tree) {
        this.tree = tree;
    }

    /** The lines of code of a file: their numbers in the file, and for each text a number of its own. */
    private record Code(String name, List<Integer> numbers, List<Integer> lines) {}

    /** A window of lines, by the index of its first one. */
    private record Place(Code code, int start) {}

    /** The starts of equal windows in two files, or in two places of one. */
    private record Start(int left, int right) implements Comparable<Start> {
        @Override
        public int compareTo(Start other) {
            int byLeft = Integer.compare(left, other.left);
            return byLeft == 0 ? Integer.compare(right, other.right) : byLeft;
        }

        Start plus(int lines) {
            return new Start(left + lines, right + lines);
        }
    }

    /** The longest run of two files. */
    private record Run(int lines, int leftLine, int rightLine) {}

    private record Reason(int lines, String text) {}

    /** Long runs that are not in the list or longer than it says, and lines of the list that are wrong. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        Map<String, Reason> unused = reasons(faults);
        longestRuns().forEach((pair, run) -> {
            Reason reason = unused.remove(pair);
            String where = pair.replace(" ~ ", ":" + run.leftLine() + " ~ ") + ":" + run.rightLine() + ": "
                    + run.lines() + " equal lines, ";
            if (reason == null) {
                faults.add(where + "expected at most " + MAX_LINES + " or a reason in " + LIST);
            } else if (run.lines() > reason.lines()) {
                faults.add(where + "expected at most the " + reason.lines() + " of " + LIST);
            } else if (reason.text().isBlank()) {
                faults.add(pair + " is in " + LIST + " without a reason");
            }
        });
        unused.keySet().forEach(pair -> faults.add(pair + " is in " + LIST + " and is no repetition"));
        return faults;
    }

    private Map<String, Reason> reasons(List<String> faults) {
        Map<String, Reason> reasons = new TreeMap<>();
        SourceTree.read(tree.root().resolve(LIST))
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(line -> {
                    Matcher entry = ENTRY.matcher(line);
                    if (entry.matches()) {
                        reasons.put(entry.group(2), new Reason(Integer.parseInt(entry.group(1)), entry.group(3)));
                    } else {
                        faults.add(LIST + ": \"" + line + "\", expected LINES FILE ~ FILE: REASON");
                    }
                });
        return reasons;
    }

    private Map<String, Run> longestRuns() {
        Map<String, Run> longest = new TreeMap<>();
        equalWindows().forEach((pair, starts) -> {
            for (Start start : starts.keySet()) {
                if (!starts.containsKey(start.plus(-1))) {
                    int windows = 1;
                    while (starts.containsKey(start.plus(windows))) {
                        windows++;
                    }
                    Start first = starts.get(start);
                    Run run = new Run(MAX_LINES + windows, first.left(), first.right());
                    longest.merge(pair, run, (one, other) -> other.lines() > one.lines() ? other : one);
                }
            }
        });
        return longest;
    }

    /** By pair of files, the starts of equal windows, each with the numbers of its first lines. */
    private Map<String, TreeMap<Start, Start>> equalWindows() {
        Map<List<Integer>, List<Place>> windows = new HashMap<>();
        for (Code code : code()) {
            for (int start = 0; start + WINDOW <= code.lines().size(); start++) {
                windows.computeIfAbsent(code.lines().subList(start, start + WINDOW), w -> new ArrayList<>(1))
                        .add(new Place(code, start));
            }
        }
        Map<String, TreeMap<Start, Start>> pairs = new TreeMap<>();
        for (List<Place> places : windows.values()) {
            for (int i = 0; i < places.size(); i++) {
                for (Place right : places.subList(i + 1, places.size())) {
                    Place left = places.get(i);
                    boolean overlaps = left.code() == right.code() && right.start() < left.start() + WINDOW;
                    if (!overlaps) {
                        pairs.computeIfAbsent(
                                        left.code().name() + " ~ "
                                                + right.code().name(),
                                        pair -> new TreeMap<>())
                                .put(
                                        new Start(left.start(), right.start()),
                                        new Start(
                                                left.code().numbers().get(left.start()),
                                                right.code().numbers().get(right.start())));
                    }
                }
            }
        }
        return pairs;
    }

    private List<Code> code() {
        TreeSet<Path> files = new TreeSet<>();
        Stream.of(tree.javaFiles(), tree.scripts(), tree.pythonFiles(), tree.statements(), tree.styleSheets())
                .forEach(files::addAll);
        return files.stream()
                .filter(file -> !OF_TESTS.matcher(tree.name(file)).matches())
                .map(this::code)
                .toList();
    }

    private Code code(Path file) {
        String name = tree.name(file);
        boolean python = name.endsWith(".py");
        Pattern comment = python ? DOCSTRING : BLOCK_COMMENT;
        Pattern noCode = python ? NO_PYTHON : name.endsWith(".sql") ? NO_SQL : NO_CODE;
        // The line ends stay, so that the numbers of the lines do.
        String text = comment.matcher(SourceTree.read(file)).replaceAll(Duplicates::lineEnds);
        Code code = new Code(name, new ArrayList<>(), new ArrayList<>());
        int number = 0;
        for (String each : text.split("\n", -1)) {
            number++;
            String line = each.strip();
            if (!noCode.matcher(line).matches()) {
                String tokens = SPACE.matcher(line).replaceAll("$1");
                code.numbers().add(number);
                code.lines().add(texts.computeIfAbsent(tokens, unknown -> texts.size()));
            }
        }
        return code;
    }

    private static String lineEnds(MatchResult comment) {
        return "\n".repeat((int) comment.group().chars().filter(c -> c == '\n').count());
    }
}
