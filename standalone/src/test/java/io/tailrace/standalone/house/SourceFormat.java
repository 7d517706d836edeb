package io.tailrace.standalone.house;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The one format of all Java sources: palantir-java-format, imports sorted and without unused ones. */
public final class SourceFormat {
    private static final Formatter FORMATTER = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(JavaFormatterOptions.Style.PALANTIR)
            .build());

    private SourceFormat() {}

    /** Formats every Java source of the repository around the working directory and prints the files that it changed. */
    public static void main(String[] args) throws IOException {
        SourceTree tree = SourceTree.here();
        int changed = 0;
        for (Path file : tree.javaFiles()) {
            String source = SourceTree.read(file);
            String formatted = format(tree.name(file), source);
            if (!formatted.equals(source)) {
                Files.writeString(file, formatted);
                System.out.println("formatted " + tree.name(file));
                changed++;
            }
        }
        System.out.println(changed == 0 ? "nothing to format" : changed + " formatted");
    }

    /** The files of a tree that are not in the format, by name. */
    static List<String> unformatted(SourceTree tree) {
        return tree.javaFiles().parallelStream()
                .filter(file -> {
                    String source = SourceTree.read(file);
                    return !format(tree.name(file), source).equals(source);
                })
                .map(tree::name)
                .toList();
    }

    private static String format(String name, String source) {
        try {
            return FORMATTER.formatSourceAndFixImports(source);
        } catch (FormatterException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }
}
