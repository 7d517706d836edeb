package io.tailrace.standalone.house;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a look at the source files alone can judge. Each rule gives its faults, one a line, with the file. */
final class HouseRules {
    /** The longest source file, in lines. Longer ones hold two ideas. */
    static final int MAX_LINES = 400;

    /** Names that say nothing about what a class does. */
    private static final Pattern EMPTY_NAME = Pattern.compile(
            "(?m)^[^*\"/\\n]*\\b(?:class|record|interface|enum) (\\w*(?:Manager|Helper|Util|Utils|Impl))\\b");

    private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");

    private final SourceTree tree;

    HouseRules(SourceTree tree) {
        this.tree = tree;
    }

    /** Every package of a module says in a package-info what it is for and is checked for nulls. */
    List<String> packagesWithoutNullMarked() {
        // A test package that shares its name with one of the module's own is covered by that one.
        TreeMap<String, List<Path>> filesOfPackage = new TreeMap<>();
        for (Path file : tree.javaFiles()) {
            Matcher name = PACKAGE.matcher(SourceTree.read(file));
            if (name.find()) {
                String module = tree.name(file).replaceFirst("/src/.*", "");
                filesOfPackage
                        .computeIfAbsent(module + ": " + name.group(1), p -> new ArrayList<>())
                        .add(file);
            }
        }
        Predicate<Path> marks = file ->
                file.endsWith("package-info.java") && SourceTree.read(file).matches("(?s)/\\*\\*.*@NullMarked.*");
        return filesOfPackage.entrySet().stream()
                .filter(entry -> entry.getValue().stream().noneMatch(marks))
                .map(entry -> entry.getKey() + " has no package-info.java with a Javadoc and @NullMarked")
                .toList();
    }

    /** No type is named for what every class does. */
    List<String> emptyNames() {
        List<String> faults = new ArrayList<>();
        for (Path file : tree.javaFiles()) {
            Matcher type = EMPTY_NAME.matcher(SourceTree.read(file));
            while (type.find()) {
                faults.add(tree.name(file) + ": " + type.group(1) + " does not say what it does");
            }
        }
        return faults;
    }

    /** No file is too long to be read in one go. */
    List<String> longFiles() {
        List<String> faults = new ArrayList<>();
        for (Path file : tree.javaFiles()) {
            long lines = SourceTree.read(file).lines().count();
            if (lines > MAX_LINES) {
                faults.add(tree.name(file) + ": " + lines + " lines, expected at most " + MAX_LINES);
            }
        }
        return faults;
    }

    /** Every module of the build is in the table, and depends on no module that the table does not allow. */
    List<String> forbiddenModules() {
        List<String> faults = new ArrayList<>();
        for (String module : ModuleTable.modules(SourceTree.read(tree.root().resolve("pom.xml")))) {
            Path pom = tree.root().resolve(module).resolve("pom.xml");
            if (!ModuleTable.ALLOWED.containsKey(module)) {
                faults.add(module + " is not in the module table");
            } else if (!Files.exists(pom)) {
                faults.add(module + " has no pom.xml");
            } else {
                for (String other : ModuleTable.dependencies(SourceTree.read(pom))) {
                    if (!ModuleTable.ALLOWED.getOrDefault(module, List.of()).contains(other)) {
                        faults.add(module + " may not depend on " + other);
                    }
                }
            }
        }
        return faults;
    }
}
