package io.tailrace.standalone.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The sources of the repository.
 *
 * @param root the folder of the root {@code pom.xml}
 */
record SourceTree(Path root) {
    /** Built, downloaded or data: not ours to judge, and large. */
    private static final Set<String> SKIPPED = Set.of("target", "dist", "node_modules", ".git", ".tailrace");

    /** The repository that the working directory is in. */
    static SourceTree here() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("pom.xml")) && Files.isDirectory(folder.resolve("contracts"))) {
                return new SourceTree(folder);
            }
        }
        throw new IllegalStateException(
                "no folder above " + Path.of("").toAbsolutePath() + " is the repository's root");
    }

    /** Every Java source, in a fixed order. */
    List<Path> javaFiles() {
        return files(".java");
    }

    /** Every script of a browser or of k6, in a fixed order. */
    List<Path> scripts() {
        return files(".js", ".mjs", ".ts", ".tsx");
    }

    /** Every Python source, in a fixed order. */
    List<Path> pythonFiles() {
        return files(".py");
    }

    /** Every file of Protocol Buffers, in a fixed order. */
    List<Path> protoFiles() {
        return files(".proto");
    }

    /** Every YAML file, in a fixed order. */
    List<Path> yamlFiles() {
        return files(".yml", ".yaml");
    }

    /** Every file of SQL, in a fixed order. */
    List<Path> statements() {
        return files(".sql");
    }

    /** Every style sheet, in a fixed order. */
    List<Path> styleSheets() {
        return files(".css");
    }

    /** Every Markdown page, in a fixed order. */
    List<Path> pages() {
        return files(".md");
    }

    private List<Path> files(String... endings) {
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    String name = String.valueOf(folder.getFileName());
                    // Hidden folders below the root are those of tools: environments of Python, caches of its tests.
                    boolean skipped = SKIPPED.contains(name) || (name.startsWith(".") && !folder.equals(root));
                    return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (Stream.of(endings).anyMatch(file.toString()::endsWith)) {
                        found.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        found.sort(null);
        return found;
    }

    /** A file as one names it from the root, with slashes. */
    String name(Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }
}
