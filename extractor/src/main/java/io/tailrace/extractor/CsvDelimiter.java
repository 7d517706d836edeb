package io.tailrace.extractor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What stands between the columns of a CSV file: what is on the most of its first lines. Spreadsheets of some countries write semicolons. */
enum CsvDelimiter {
    COMMA(','),
    SEMICOLON(';'),
    TAB('\t'),
    PIPE('|');

    private static final int LOOK = 1 << 16;
    private static final int LINES = 50;

    private final char sign;

    CsvDelimiter(char sign) {
        this.sign = sign;
    }

    /** That of a file; a comma if nothing is between its columns. */
    static CsvDelimiter of(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            // The signs are the same in every charset that is usual.
            String head = new String(in.readNBytes(LOOK), StandardCharsets.ISO_8859_1);
            return of(head.lines().limit(LINES).toList());
        }
    }

    static CsvDelimiter of(List<String> lines) {
        CsvDelimiter best = COMMA;
        for (CsvDelimiter each : values()) {
            if (each.lines(lines) > best.lines(lines)) {
                best = each;
            }
        }
        return best;
    }

    private long lines(List<String> lines) {
        return lines.stream().filter(line -> line.indexOf(sign) >= 0).count();
    }
}
