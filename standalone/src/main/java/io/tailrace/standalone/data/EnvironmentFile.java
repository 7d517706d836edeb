package io.tailrace.standalone.data;

import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The file from which {@code ./tailrace run} takes a service's configuration: {@code KEY=VALUE} lines, values without
 * quotes or line breaks. It holds a password, so only its owner may read it.
 */
public final class EnvironmentFile {
    private EnvironmentFile() {}

    /** Replaces the file. */
    public static void write(DataFolder folder, Map<String, String> values) {
        values.forEach((name, value) -> {
            if (value.contains("\n")) {
                throw new IllegalArgumentException(name + " has a line break in its value");
            }
        });
        SmallFile.writeSecret(
                folder.environmentFile(),
                values.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                        .collect(Collectors.joining()));
    }

    /** What it holds; empty if there is none. */
    public static Map<String, String> read(DataFolder folder) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        if (Files.exists(folder.environmentFile())) {
            for (String line : Files.readAllLines(folder.environmentFile())) {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    values.put(line.substring(0, equals), line.substring(equals + 1));
                }
            }
        }
        return values;
    }
}
