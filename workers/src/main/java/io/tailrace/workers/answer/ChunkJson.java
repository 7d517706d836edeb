package io.tailrace.workers.answer;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.text.Excerpt;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Values of the JSON of providers. Pure. */
final class ChunkJson {
    private static final int SHOWN = 300;

    private ChunkJson() {}

    /**
     * The object that a text is.
     *
     * @throws MalformedAnswerException if it is none
     */
    static JsonNode object(String text) throws MalformedAnswerException {
        JsonNode node;
        try {
            node = Json.mapper().readTree(text);
        } catch (IOException e) {
            throw new MalformedAnswerException("an event is not JSON");
        }
        if (!node.isObject()) {
            throw new MalformedAnswerException("an event is not a JSON object");
        }
        return node;
    }

    /** A text that is there and not empty, or null. */
    static @Nullable String text(JsonNode node) {
        return node.isTextual() && !node.textValue().isEmpty() ? node.textValue() : null;
    }

    /** A number of tokens, or -1. */
    static long tokens(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() ? Math.max(-1, node.longValue()) : -1;
    }

    /** What an error says, on one line and not all of a long one. */
    static String error(JsonNode error) {
        JsonNode message = error.path("message");
        String text = message.isTextual() ? message.textValue() : error.isTextual() ? error.textValue() : "";
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.isEmpty() ? "an error without a message" : Excerpt.of(line, SHOWN);
    }
}
