package io.tailrace.ingest.incident;

import io.tailrace.contracts.text.Excerpt;
import org.jspecify.annotations.Nullable;

/**
 * Something that people have to know of.
 *
 * @param title one line
 * @param text more about it; may be empty
 * @param severity how bad it is
 * @param key incidents with the same one are the same; null for one that is like no other
 */
record Incident(String title, String text, String severity, @Nullable String key) {
    private static final int MAX_SUBJECT = 250;

    /** Telegram takes 4096 characters. */
    private static final int MAX_MESSAGE = 4_000;

    /** The subject of a mail about it. */
    String subject() {
        return Excerpt.of("[" + severity + "] " + title, MAX_SUBJECT);
    }

    /** The text of a mail about it. */
    String mail() {
        return text.isEmpty() ? title : title + "\n\n" + text;
    }

    /** The message about it in a chat. */
    String message() {
        return Excerpt.of("[" + severity + "] " + mail(), MAX_MESSAGE);
    }
}
