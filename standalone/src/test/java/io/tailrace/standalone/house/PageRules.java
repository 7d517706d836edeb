package io.tailrace.standalone.house;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether the pages name what there is. Each rule gives its faults, one a line, with the page.
 *
 * <p>Links are checked on every page. Names are not checked in decisions, which are never rewritten, nor in references that are
 * made from the clients' sources; of those the anchors are not checked either, which the generator makes.
 */
final class PageRules {
    /** Names that pages may use although they are of no file of ours, each with whose they are. */
    static final String OUTSIDE_NAMES = "standalone/src/test/resources/house/outside-names.txt";

    private static final String DECISIONS = "docs/decisions/0";
    private static final String REFERENCES = "docs/reference/";

    /** Each has a table whose rows begin with the name of a setting. The second is of a program that is not in the first. */
    private static final List<String> SETTINGS_PAGES = List.of("docs/configuration.md", "docs/export.md");

    /** It has every route of all services, which it compares with the router's. */
    private static final String ROUTES_TEST = "standalone/src/test/java/io/tailrace/standalone/service/RoutesTest.java";

    /** The edge answers them before there is a route. */
    private static final List<String> STREAMS = List.of("GET /events", "GET /events/watch");

    private static final String LAUNCHER = "tailrace";

    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*:.*");
    private static final Pattern JAVA_TYPE = Pattern.compile("\\b(?:class|record|interface|enum)\\s+(\\w+)");
    private static final Pattern SCRIPT_TYPE = Pattern.compile(
            "\\b(?:class|interface|type|function|enum)\\s+(\\w+)|@typedef\\s+(?:\\{[^\\n]*}\\s+)?(\\w+)");
    private static final Pattern PYTHON_TYPE = Pattern.compile("(?m)^\\s*class (\\w+)");
    private static final Pattern PROTO_TYPE = Pattern.compile("(?m)^\\s*(?:message|service|rpc|enum)\\s+(\\w+)");
    private static final Pattern ALERT = Pattern.compile("\\balert:\\s*(\\w+)");
    private static final Pattern PACKAGED = Pattern.compile(".*/java/(io/tailrace/.*)\\.java");

    private static final Pattern DOTTED = Pattern.compile("[A-Z]\\w*(?:\\.\\w+)*");
    private static final Pattern TYPE_NAME = Pattern.compile("[A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+");
    private static final Pattern PACKAGE_NAME = Pattern.compile("\\bio\\.tailrace(?:\\.\\w+)*");
    private static final Pattern SETTING = Pattern.compile("(?<![A-Z0-9_])TAILRACE_[A-Z0-9_]+");
    private static final Pattern SETTING_ROW = Pattern.compile("(?m)^\\| `(TAILRACE_[A-Z0-9_]+)`");
    private static final Pattern COMMAND = Pattern.compile("\\./tailrace ([a-z][a-z-]*)");
    private static final Pattern ENDPOINT = Pattern.compile("`(GET|POST|PUT|PATCH|DELETE) (/[^\\s`?&\\[…]*)");
    private static final Pattern ROUTE = Pattern.compile("\"((?:GET|POST|PUT|PATCH|DELETE) /[^:\"]*): ");

    private final SourceTree tree;
    private final Map<String, Page> pages = new TreeMap<>();
    private final Set<String> outsideNames;

    PageRules(SourceTree tree) {
        this.tree = tree;
        for (Path file : tree.pages()) {
            pages.put(tree.name(file), new Page(tree.name(file), SourceTree.read(file)));
        }
        this.outsideNames = lines(OUTSIDE_NAMES)
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.replaceFirst(":.*", ""))
                .collect(Collectors.toSet());
    }

    /** Every relative link leads to a file or folder, and to an anchor of the page if it names one. */
    List<String> deadLinks() {
        List<String> faults = new ArrayList<>();
        Map<String, Set<String>> anchors = new HashMap<>();
        pages.values().forEach(page -> anchors.put(page.name(), page.anchors()));
        for (Page page : pages.values()) {
            page.undefinedReferences()
                    .forEach(label -> faults.add(page.name() + ": [" + label + "] is defined nowhere on the page"));
            for (String link : page.links()) {
                if (SCHEME.matcher(link).matches()) {
                    continue;
                }
                String[] parts = link.split("#", 2);
                Path file = tree.root().resolve(page.name());
                Path target = parts[0].isEmpty()
                        ? file
                        : file.resolveSibling(parts[0]).normalize();
                @Nullable Set<String> headings = anchors.get(tree.name(target));
                boolean checksAnchor = parts.length == 2 && !page.name().startsWith(REFERENCES);
                if (!Files.exists(target)) {
                    faults.add(page.name() + ": " + link + " leads to no file");
                } else if (checksAnchor && headings != null && !headings.contains(parts[1])) {
                    faults.add(page.name() + ": " + link + " leads to no heading of " + tree.name(target));
                }
            }
        }
        return faults;
    }

    /** Every code span that is the name of a type, or a name in {@code io.tailrace}, is one of the sources. */
    List<String> unknownTypes() {
        Set<String> types = types();
        Set<String> packaged = packaged();
        return faultsOfNames(page -> page.codeSpans().stream()
                .flatMap(span -> Stream.concat(
                        typeNames(span).filter(name -> !types.contains(name)),
                        PACKAGE_NAME
                                .matcher(span)
                                .results()
                                .map(MatchResult::group)
                                .filter(name -> !packaged.contains(name))))
                .filter(name -> !outsideNames.contains(name))
                .map(name -> name + " is no type or package of the sources, and is not in " + OUTSIDE_NAMES));
    }

    /** Every command of the launcher is one that its help lists. */
    List<String> unknownCommands() {
        String launcher = SourceTree.read(tree.root().resolve(LAUNCHER));
        String help = launcher.substring(launcher.indexOf("<<'TEXT'"), launcher.indexOf("\nTEXT\n"));
        Set<String> commands = new HashSet<>(Set.of("help"));
        COMMAND.matcher(help).results().forEach(command -> commands.add(command.group(1)));
        return faultsOfNames(page -> page.find(COMMAND)
                .map(command -> command.group(1))
                .filter(command -> !commands.contains(command))
                .map(command -> "./tailrace " + command + " is not in ./tailrace help"));
    }

    /** Every setting is in the table of a page of settings; a name that ends with {@code _} is the beginning of one. */
    List<String> unknownSettings() {
        Set<String> settings = new HashSet<>();
        for (String name : SETTINGS_PAGES) {
            lines(name).flatMap(line -> SETTING_ROW.matcher(line).results()).forEach(row -> settings.add(row.group(1)));
        }
        return faultsOfNames(page -> page.find(SETTING)
                .map(MatchResult::group)
                .filter(name -> name.endsWith("_")
                        ? settings.stream().noneMatch(setting -> setting.startsWith(name))
                        : !settings.contains(name))
                .filter(name -> !outsideNames.contains(name))
                .map(name -> name + " is in no table of " + SETTINGS_PAGES + ", and is not in " + OUTSIDE_NAMES));
    }

    /** Every endpoint is a route of a service, or a stream. */
    List<String> unknownEndpoints() {
        List<String> routes = new ArrayList<>(STREAMS);
        lines(ROUTES_TEST).flatMap(line -> ROUTE.matcher(line).results()).forEach(route -> routes.add(route.group(1)));
        return faultsOfNames(page -> page.find(ENDPOINT)
                .map(endpoint -> endpoint.group(1) + " " + endpoint.group(2))
                .filter(endpoint -> routes.stream().noneMatch(route -> isOf(endpoint, route)))
                .map(endpoint -> endpoint + " is not a route of " + ROUTES_TEST + ", nor a stream"));
    }

    private static boolean isOf(String endpoint, String route) {
        List<String> named = Arrays.asList(endpoint.split("/", -1));
        List<String> declared = Arrays.asList(route.split("/", -1));
        boolean same = named.size() == declared.size();
        for (int i = 0; same && i < named.size(); i++) {
            same = declared.get(i).equals(named.get(i)) || declared.get(i).startsWith("{");
        }
        return same;
    }

    /** What is wrong with the names on a page. */
    @FunctionalInterface
    private interface Check {
        Stream<String> faults(Page page);
    }

    private List<String> faultsOfNames(Check check) {
        return pages.values().stream()
                .filter(page ->
                        !page.name().startsWith(DECISIONS) && !page.name().startsWith(REFERENCES))
                .flatMap(page -> check.faults(page).map(fault -> page.name() + ": " + fault))
                .distinct()
                .toList();
    }

    /** The names of types in a span such as {@code Outer.Inner}, {@code Type.method()} or {@code Type<T>}. */
    private static Stream<String> typeNames(String span) {
        String name = span.split("[(<#]", 2)[0];
        return DOTTED.matcher(name).matches()
                ? Arrays.stream(name.split("\\.", -1))
                        .filter(part -> TYPE_NAME.matcher(part).matches())
                : Stream.empty();
    }

    private Set<String> types() {
        Set<String> types = new HashSet<>();
        collect(tree.javaFiles(), JAVA_TYPE, types);
        collect(tree.scripts(), SCRIPT_TYPE, types);
        collect(tree.pythonFiles(), PYTHON_TYPE, types);
        collect(tree.protoFiles(), PROTO_TYPE, types);
        collect(tree.yamlFiles(), ALERT, types);
        return types;
    }

    private static void collect(List<Path> files, Pattern declaration, Set<String> names) {
        for (Path file : files) {
            declaration.matcher(SourceTree.read(file)).results().forEach(found -> {
                for (int i = 1; i <= found.groupCount(); i++) {
                    @Nullable String name = found.group(i);
                    if (name != null) {
                        names.add(name);
                    }
                }
            });
        }
    }

    /** Packages and types by their whole names. */
    private Set<String> packaged() {
        Set<String> names = new HashSet<>();
        for (Path file : tree.javaFiles()) {
            PACKAGED.matcher(tree.name(file)).results().forEach(source -> {
                String name = source.group(1).replace('/', '.');
                for (int end = name.length(); end > 0; end = name.lastIndexOf('.', end - 1)) {
                    names.add(name.substring(0, end));
                }
            });
        }
        return names;
    }

    /** The lines of a file, none if there is none. */
    private Stream<String> lines(String name) {
        Path file = tree.root().resolve(name);
        return Files.exists(file) ? SourceTree.read(file).lines() : Stream.empty();
    }
}
