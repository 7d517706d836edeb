package io.tailrace.systemtests.fuzz.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Looks through what our processes have logged for what nobody should be able to cause by a request. */
public final class LogScan {
    /** Errors, what was thrown and not expected, and buffers that Netty found not released. */
    private static final Pattern BAD = Pattern.compile("^\\S+ ERROR |^\\s+at [a-z].*\\(|^Caused by: |LEAK: ");

    /**
     * A fault of Micronaut 4.10 that is mended in later ones (micronaut-core, pull request 13273): bytes of a body that come before
     * its answer is the one being written are thrown away, and the client finds its connection closed after a timeout.
     */
    private static final Pattern KNOWN = Pattern.compile("onNext before request\\?");

    private static final int AROUND = 6;

    private LogScan() {}

    /** The size of a log, to begin after it. */
    public static long size(Path log) throws IOException {
        return Files.exists(log) ? Files.size(log) : 0;
    }

    /** Stretches of a log behind {@code from} that are bad, each with the lines around its beginning. */
    public static List<String> bad(Path log, long from) throws IOException {
        byte[] bytes = Files.readAllBytes(log);
        String text = new String(bytes, (int) from, bytes.length - (int) from, StandardCharsets.UTF_8);
        String[] lines = text.split("\n", -1);
        List<String> found = new ArrayList<>();
        boolean within = false;
        for (int i = 0; i < lines.length; i++) {
            boolean bad = BAD.matcher(lines[i]).find();
            if (bad && !within) {
                String around = String.join(
                        " | ", List.of(lines).subList(Math.max(0, i - 2), Math.min(lines.length, i + AROUND)));
                if (!KNOWN.matcher(around).find()) {
                    found.add(log.getFileName() + ": " + around);
                }
            }
            within = bad;
        }
        return found;
    }
}
