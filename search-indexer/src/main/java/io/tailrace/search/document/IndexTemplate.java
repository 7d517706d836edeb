package io.tailrace.search.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Settings and mappings of an index. One file for each, beside this class, in which {@code "@parts"} and {@code "@grams"}
 * stand for what differs between the {@link PartStyle}s. Immutable.
 */
public final class IndexTemplate {
    private static final String PARTS = "@parts";
    private static final String GRAMS = "@grams";

    /**
     * Longer values are in no column: UTF-16 units, of which each is at most three bytes, and a column takes 32,766 bytes.
     */
    private static final int MAX_COLUMN_LENGTH = 10_922;

    private final JsonNode file;

    private IndexTemplate(JsonNode file) {
        this.file = file;
    }

    /** Reads a file. */
    static IndexTemplate read(String name) {
        try (InputStream in = IndexTemplate.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the jar");
            }
            return new IndexTemplate(Json.mapper().readTree(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    /** {@code {settings, mappings}} as Elasticsearch takes them. */
    public JsonNode json(PartStyle style) {
        JsonNode copy = file.deepCopy();
        fill(copy, style);
        return copy;
    }

    private static void fill(JsonNode node, PartStyle style) {
        if (node instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                JsonNode child = object.path(name);
                switch (child.asText()) {
                    case PARTS -> object.set(name, parts(style));
                    case GRAMS -> grams(object, name, style);
                    default -> fill(child, style);
                }
            }
        }
    }

    /** Checked by its column of values, in which every distinct one is read; so it needs no index. */
    private static ObjectNode parts(PartStyle style) {
        ObjectNode field = JsonNodeFactory.instance.objectNode();
        return switch (style) {
            case WILDCARD -> field.put("type", "wildcard");
            case GRAMS -> field.put("type", "keyword").put("index", false).put("ignore_above", MAX_COLUMN_LENGTH);
        };
    }

    private static void grams(ObjectNode object, String name, PartStyle style) {
        switch (style) {
            case WILDCARD -> object.remove(name);
            // Each piece of the array is one term, and its position is its place in the array: no gap between two of
            // them.
            case GRAMS ->
                object.putObject(name)
                        .put("type", "text")
                        .put("analyzer", "keyword")
                        .put("position_increment_gap", 0)
                        .put("norms", false);
        }
    }
}
