package io.tailrace.standalone.data;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which folders the servers can keep their data in. A folder's name ends up in lists, in class paths, in placeholders and in a
 * shell's command line, and each of them has characters of its own. Pure.
 */
final class FolderName {
    /** PostgreSQL knows no path of more than 1,024 bytes, and its own part of it takes up to 150. */
    static final int MAX_PATH_BYTES = 800;

    /** NAME_MAX of the file systems of Linux and macOS. */
    static final int MAX_NAME_BYTES = 255;

    /**
     * Kafka and Elasticsearch split a list at a comma, Java a class path at a colon and an agent of
     * Elasticsearch at an equals sign; initdb gives the others to a shell, logback
     * and Micronaut look for placeholders, and {@code !/} ends a jar's name in a URL.
     */
    private static final String REFUSED = ",:=\"$`\\%!";

    private static final char REPLACEMENT = '\uFFFD';

    private FolderName() {}

    /** Why nothing can be kept there, or empty if it can. */
    static Optional<String> fault(Path folder) {
        String text = folder.toString();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c)) {
                return Optional.of("its name has a control character");
            }
            if (REFUSED.indexOf(c) >= 0) {
                return Optional.of("its name has the character " + c + ", which not all servers can take (nor one of "
                        + REFUSED + ")");
            }
            if (c == REPLACEMENT) {
                return Optional.of("its name is not UTF-8");
            }
        }
        for (Path name : folder) {
            int bytes = bytes(name.toString());
            if (bytes > MAX_NAME_BYTES) {
                return Optional.of("a name in it has " + bytes + " bytes, at most " + MAX_NAME_BYTES + " are possible");
            }
        }
        int bytes = bytes(text);
        return bytes > MAX_PATH_BYTES
                ? Optional.of("it has " + bytes + " bytes, at most " + MAX_PATH_BYTES + " are possible")
                : Optional.empty();
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
