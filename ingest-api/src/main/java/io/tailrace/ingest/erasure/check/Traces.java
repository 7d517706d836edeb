package io.tailrace.ingest.erasure.check;

import io.tailrace.kit.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a person would be known by: the id, as text and as the 16 bytes of the dispatcher's stores, and any other text that the
 * caller names. What was erased cannot be asked for its address, so it is the caller who knows the texts. Immutable.
 */
final class Traces {
    private final String id;
    private final byte[] idBytes;
    private final List<String> texts;

    /**
     * Traces of a person.
     *
     * @param id the person
     * @param texts whatever else must not be found: address, phone, name, posts
     */
    Traces(UUID id, List<String> texts) {
        this.id = id.toString();
        this.idBytes = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        Set<String> forms = new LinkedHashSet<>();
        for (String text : texts) {
            forms.add(text);
            String json = new String(Json.write(text), StandardCharsets.UTF_8);
            forms.add(json.substring(1, json.length() - 1));
        }
        this.texts = List.copyOf(forms);
    }

    /** Which kind of trace is found. */
    enum Kind {
        /** The id alone, which leads nowhere when all else is gone. */
        ID,
        /** One of the texts. */
        TEXT
    }

    /** The id as text. */
    String id() {
        return id;
    }

    /** The texts, each as it is and as JSON has it. */
    List<String> texts() {
        return texts;
    }

    /** What is found in some bytes; a text counts for more than the id. Null if nothing is. */
    @Nullable
    Kind in(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        // One character for each byte, so that no byte is lost and every search is one of the JDK's.
        String all = new String(bytes, StandardCharsets.ISO_8859_1);
        if (texts.stream().anyMatch(text -> all.contains(latin(text.getBytes(StandardCharsets.UTF_8))))) {
            return Kind.TEXT;
        }
        return all.contains(id) || all.contains(latin(idBytes)) ? Kind.ID : null;
    }

    /** What is found in a text. */
    @Nullable
    Kind in(String text) {
        return in(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The greater of two. */
    static @Nullable Kind greater(@Nullable Kind one, @Nullable Kind other) {
        return one == Kind.TEXT || other == null ? one : other;
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
