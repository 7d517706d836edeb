package io.tailrace.ingest.upload;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Media types as clients say them, and as contents are served. Pure. */
final class MediaTypes {
    static final String BYTES = "application/octet-stream";

    private static final int MAX_LENGTH = 127;
    private static final Pattern FORM = Pattern.compile("[\\w!#$&^.+-]+/[\\w!#$&^.+-]+", Pattern.CASE_INSENSITIVE);

    /** What no browser runs, whatever is in it. */
    private static final Set<String> HARMLESS =
            Set.of("application/pdf", "text/plain", "text/csv", "image/png", "image/jpeg", "image/gif", "image/webp");

    private MediaTypes() {}

    /** What a client said, without parameters; null if it said nothing that is a media type. */
    static @Nullable String declared(@Nullable String type) {
        if (type == null) {
            return null;
        }
        String bare = type.split(";", 2)[0].strip();
        return bare.length() <= MAX_LENGTH && FORM.matcher(bare).matches() ? bare : null;
    }

    /** How a content is served: as what it is if no browser would run it, and as bytes otherwise. */
    static String served(String detected) {
        return HARMLESS.contains(detected) ? detected : BYTES;
    }
}
