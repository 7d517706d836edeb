package io.tailrace.exporter.export;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.nio.file.Path;

/**
 * Where exports go, and how large they are. Immutable.
 *
 * @param folder in which each export has a folder of its own
 * @param rowsPerFile the most records of the log in a file
 * @param bytesPerFile a file ends with the record that brings its records to so many bytes, keys and values
 * @param memory the most that DuckDB takes while it writes a file, beside the heap, in MiB
 */
@ConfigurationProperties("tailrace.exporter")
public record ExporterSettings(
        @Bindable(defaultValue = "exports") Path folder,
        @Bindable(defaultValue = "250000") int rowsPerFile,
        @Bindable(defaultValue = "67108864") long bytesPerFile,
        @Bindable(defaultValue = "256") int memory) {
    /** Checks the ranges. */
    public ExporterSettings {
        check("rows-per-file", rowsPerFile, rowsPerFile >= 1 && rowsPerFile <= 10_000_000, "1 to 10000000");
        check("bytes-per-file", bytesPerFile, bytesPerFile >= 1 && bytesPerFile <= 1L << 30, "1 to 1073741824");
        check("memory", memory, memory >= 64, "at least 64");
    }

    private static void check(String name, Object value, boolean valid, String expected) {
        if (!valid) {
            throw new IllegalArgumentException("tailrace.exporter." + name + ": " + value + ", expected " + expected);
        }
    }
}
