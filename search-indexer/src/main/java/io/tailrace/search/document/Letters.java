package io.tailrace.search.document;

import com.ibm.icu.lang.UCharacter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Characters that have no decomposition and are still written without their stroke, or as two letters, by people who have
 * no key for them: ł as l, ø as o, æ as ae, þ as th. The Latin letters, quotes and dashes of CLDR's Latin-ASCII
 * transliteration, in a file of their own because loading that takes a third of a second; a test compares both. Thread-safe.
 */
final class Letters {
    private static final String FILE = "letters.txt";
    private static final Map<Integer, String> PLAIN = read();
    private static final int ASCII = 0x80;

    private Letters() {}

    /** Adds a folded character, plain; digits of every script as ASCII. */
    static void append(StringBuilder text, int c) {
        if (c < ASCII) {
            text.append((char) c);
        } else if (UCharacter.isDigit(c)) {
            text.append((char) ('0' + UCharacter.digit(c, 10)));
        } else {
            String plain = PLAIN.get(c);
            if (plain == null) {
                text.appendCodePoint(c);
            } else {
                text.append(plain);
            }
        }
    }

    /** The letters, each with what it is written as. */
    static Map<Integer, String> all() {
        return PLAIN;
    }

    private static Map<Integer, String> read() {
        try (InputStream in = Letters.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is missing from the jar");
            }
            Map<Integer, String> letters = new HashMap<>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> {
                int end = line.indexOf(' ');
                letters.put(line.codePointAt(0), line.substring(end + 1));
            });
            return Map.copyOf(letters);
        } catch (IOException e) {
            throw new UncheckedIOException(FILE, e);
        }
    }
}
