package io.tailrace.contracts.job;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds ids in the bytes of an event about a job without parsing it: whoever waits for answers reads the events of all, and most are
 * not for them. Pure.
 */
public final class JobEventIds {
    /** Within a text of JSON its quotes would be escaped, so it is the name of a field; what comes before the id has none of that name. */
    private static final byte[] COMMAND_ID = "\"command_id\":\"".getBytes(StandardCharsets.UTF_8);

    /** What every {@link JobEvents.JobChanged} begins with. */
    private static final byte[] JOB_ID = "{\"job\":{\"id\":\"".getBytes(StandardCharsets.UTF_8);

    private static final int UUID_LENGTH = 36;

    private JobEventIds() {}

    /** The command that an event answers, or null if it answers none. */
    public static @Nullable UUID commandId(byte[] value) {
        int last = value.length - COMMAND_ID.length - UUID_LENGTH;
        for (int from = 0; from <= last; from++) {
            if (value[from] == COMMAND_ID[0] && isAt(COMMAND_ID, value, from)) {
                return uuid(value, from + COMMAND_ID.length);
            }
        }
        return null;
    }

    /** The job that a {@link JobEvents.JobChanged} is about, or null if it is of another form. */
    public static @Nullable UUID jobId(byte[] value) {
        return value.length >= JOB_ID.length + UUID_LENGTH && isAt(JOB_ID, value, 0)
                ? uuid(value, JOB_ID.length)
                : null;
    }

    private static boolean isAt(byte[] text, byte[] value, int from) {
        for (int i = 0; i < text.length; i++) {
            if (value[from + i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable UUID uuid(byte[] value, int from) {
        try {
            return UUID.fromString(new String(value, from, UUID_LENGTH, StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
