package io.tailrace.ingest.rekey;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/** The keys of posts, and of those that were written when the author alone was the key. Pure. */
public final class PostKeys {
    private PostKeys() {}

    /**
     * The key that a record has to have.
     *
     * @param topic where it goes
     * @param key what it has
     * @param data its value
     * @return for posts {@code author/post}, if the post can be told; else {@code key}
     */
    public static String current(String topic, String key, byte[] data) {
        if (!topic.equals(Topics.POSTS) || FactKeys.namesFact(key)) {
            return key;
        }
        return post(data).map(id -> key + '/' + id).orElse(key);
    }

    private static Optional<UUID> post(byte[] data) {
        try {
            JsonNode id = Json.mapper().readTree(data).path("id");
            return id.isTextual() ? Optional.of(UUID.fromString(id.textValue())) : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
