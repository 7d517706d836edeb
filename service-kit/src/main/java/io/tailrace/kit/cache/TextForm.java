package io.tailrace.kit.cache;

import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Values as text: {@code GENERATION OFFSET JSON}.
 *
 * @param type the type of the values, which must be readable from their own JSON
 */
record TextForm<V>(Class<V> type) {
    private static final int PARTS = 3;

    static <V> String write(TextForm<V> form, Loaded<V> loaded) {
        Version version = loaded.version();
        String json = new String(Json.write(form.type().cast(loaded.value())), StandardCharsets.UTF_8);
        return version.generation() + " " + version.nextOffset() + " " + json;
    }

    /** The value and its version; empty if the text is not what this version of the service writes. */
    static <V> Optional<Loaded<V>> read(TextForm<V> form, String text) {
        String[] parts = text.split(" ", PARTS);
        try {
            if (parts.length == PARTS) {
                V value = Json.read(parts[2].getBytes(StandardCharsets.UTF_8), form.type());
                return Optional.of(new Loaded<>(value, new Version(parts[0], Long.parseLong(parts[1]))));
            }
        } catch (IOException | NumberFormatException e) {
            // Another version of the service has written it. The source knows.
            return Optional.empty();
        }
        return Optional.empty();
    }
}
