package io.tailrace.exporter.bigquery;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a table.
 *
 * @param project the id of its Google Cloud project
 * @param dataset its data set
 * @param table the table in it
 */
public record TableId(String project, String dataset, String table) {
    /** What a name has to be. */
    public static final String EXPECTED = "expected project.dataset.table";

    private static final Pattern NAME =
            Pattern.compile("([a-z][a-z0-9:.-]{4,62}[a-z0-9])\\.([A-Za-z0-9_]{1,1024})\\.([A-Za-z0-9_-]{1,1024})");

    /** Reads {@code project.dataset.table}; empty if it is no such name. */
    public static Optional<TableId> parse(String text) {
        Matcher name = NAME.matcher(text);
        return name.matches()
                ? Optional.of(new TableId(name.group(1), name.group(2), name.group(3)))
                : Optional.empty();
    }

    /** Its name as a resource of the API. */
    public String path() {
        return "projects/" + project + "/datasets/" + dataset + "/tables/" + table;
    }

    @Override
    public String toString() {
        return project + "." + dataset + "." + table;
    }
}
