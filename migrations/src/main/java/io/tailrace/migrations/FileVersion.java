package io.tailrace.migrations;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of an SQL file says: {@code V0001__what.sql}, and whatever else Flyway takes for a version: a date, and
 * numbers with dots or underscores between them, which mean the same.
 *
 * @param numbers the version without leading zeros and without trailing parts that are zero: equal for equal versions
 * @param major the first number
 * @param name what stands behind the version
 */
record FileVersion(String numbers, BigInteger major, String name) {
    private static final Pattern FILE = Pattern.compile("(?:.*/)?V([0-9]+(?:[._][0-9]+)*)__(.+)\\.sql");

    /** Reads the name of a file, with or without its folders; empty if it is not of the form. */
    static Optional<FileVersion> of(String file) {
        Matcher matcher = FILE.matcher(file);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String numbers = matcher.group(1)
                .replace('_', '.')
                .replaceAll("(?<![0-9])0+(?=[0-9])", "")
                .replaceFirst("(?:\\.0)+$", "");
        return Optional.of(
                new FileVersion(numbers, new BigInteger(numbers.replaceFirst("\\..*", "")), matcher.group(2)));
    }

    /** The name of a file with a version of one number. */
    static String fileName(BigInteger number, String name) {
        return String.format(Locale.ROOT, "V%04d__%s.sql", number, name);
    }
}
