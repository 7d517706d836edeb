package io.tailrace.standalone.house;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which tests start servers or other processes. They have the tag {@code server}, by which {@code ./tailrace test --fast} leaves
 * them out, and no other test has it.
 *
 * <p>A test starts one if it uses a server of {@code test-backends}, a {@code ProcessBuilder} or the {@code Extractor} of workers itself, or names a class of the
 * same module's tests that does, directly or through others. Integration tests ({@code *IT}) run in a phase of their own and need
 * no tag.
 */
final class ServerTests {
    static final String TAG = "@Tag(\"server\")";

    private static final Pattern STARTS = Pattern.compile(
            "\\bimport io\\.tailrace\\.backends\\.(?:Backends|ErasableServer|KafkaCluster|RealBroker|Server|TestRedis);"
                    + "|\\bBackends\\.|\\bProcessBuilder\\b|\\bnew Extractor\\(|\\bnew LocalModelServer\\(");

    /** What the tests of a module are made of; the main sources of the system tests are tools for tests as well. */
    private static final Pattern OF_TESTS = Pattern.compile("[^/]+/src/test/.*|system-tests/src/main/.*");

    private static final Pattern COMMENT = Pattern.compile("(?s:/\\*.*?\\*/)|(?m:^\\s*//.*$)");
    private static final Pattern TYPE_NAME = Pattern.compile("\\b[A-Z]\\w*");

    private final SourceTree tree;

    ServerTests(SourceTree tree) {
        this.tree = tree;
    }

    /** A source: its name from the root, the type that it declares, and its text without comments. */
    private record Source(String name, String type, String text) {
        boolean isTest() {
            return type.endsWith("Test");
        }

        boolean namesOneOf(Set<String> types) {
            return TYPE_NAME.matcher(text).results().map(MatchResult::group).anyMatch(types::contains);
        }
    }

    /** Tests that start something and lack the tag, and tests that have it and start nothing. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        for (List<Source> module : modules().values()) {
            Set<Source> starting = starting(module);
            for (Source source : module) {
                boolean tagged = source.text().contains(TAG);
                if (source.isTest() && starting.contains(source) && !tagged) {
                    faults.add(source.name() + " starts a server or a process: it needs " + TAG);
                } else if (tagged && !(source.isTest() && starting.contains(source))) {
                    faults.add(source.name() + " has " + TAG + " and starts neither a server nor a process");
                }
            }
        }
        return faults;
    }

    private Map<String, List<Source>> modules() {
        Map<String, List<Source>> modules = new TreeMap<>();
        for (Path file : tree.javaFiles()) {
            String name = tree.name(file);
            if (OF_TESTS.matcher(name).matches()) {
                String type = name.substring(name.lastIndexOf('/') + 1, name.length() - ".java".length());
                String text = COMMENT.matcher(SourceTree.read(file)).replaceAll("");
                modules.computeIfAbsent(name.substring(0, name.indexOf('/')), m -> new ArrayList<>())
                        .add(new Source(name, type, text));
            }
        }
        return modules;
    }

    /** Those that start something themselves, and then those that name one of these, until there are no more. */
    private static Set<Source> starting(List<Source> module) {
        Set<Source> starting = module.stream()
                .filter(source -> STARTS.matcher(source.text()).find())
                .collect(Collectors.toCollection(HashSet::new));
        boolean more = true;
        while (more) {
            Set<String> types = starting.stream()
                    .filter(source -> !source.isTest())
                    .map(Source::type)
                    .collect(Collectors.toSet());
            more = starting.addAll(
                    module.stream().filter(source -> source.namesOneOf(types)).toList());
        }
        return starting;
    }
}
