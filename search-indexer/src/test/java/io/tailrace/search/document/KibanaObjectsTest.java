package io.tailrace.search.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What can be known of the saved objects without a Kibana. */
class KibanaObjectsTest {
    private static final Path FILE = Path.of("..", "deploy", "kibana", "tailrace.ndjson");
    private static final Map<String, SearchIndex> INDEXES = Map.of(
            "tailrace-users", new UserIndex(), "tailrace-posts", new PostIndex(), "tailrace-shows", new ShowIndex());

    @Test
    void everyReferenceIsToAnObjectOfTheFile() throws IOException {
        List<JsonNode> objects = objects();
        List<String> ids = objects.stream().map(KibanaObjectsTest::name).toList();
        assertThat(ids).doesNotHaveDuplicates();
        for (JsonNode object : objects) {
            assertThat(object.path("references"))
                    .allSatisfy(reference -> assertThat(ids).contains(name(reference)));
        }
    }

    @Test
    void everyFieldIsInTheMappingOfItsIndex() throws IOException {
        for (JsonNode object : objects()) {
            JsonNode attributes = object.path("attributes");
            if (object.path("type").asText().equals("index-pattern")) {
                assertField(
                        attributes.path("title").asText(),
                        attributes.path("timeFieldName").asText());
            }
            attributes
                    .at("/state/datasourceStates/formBased/layers/layer/columns")
                    .forEach(column -> {
                        String field = column.path("sourceField").asText();
                        if (!field.equals("___records___")) {
                            assertField(object.at("/references/0/id").asText(), field);
                        }
                    });
        }
    }

    private static void assertField(String view, String field) {
        JsonNode mapping = index(view).template(PartStyle.WILDCARD).at("/mappings/properties/" + field);
        assertThat(mapping.isMissingNode()).as("%s of %s", field, view).isFalse();
        assertThat(mapping.path("doc_values").asBoolean(true))
                .as("%s of %s has a column", field, view)
                .isTrue();
    }

    private static SearchIndex index(String view) {
        return Objects.requireNonNull(INDEXES.get(view), view);
    }

    private static String name(JsonNode object) {
        return object.path("type").asText() + " " + object.path("id").asText();
    }

    private static List<JsonNode> objects() throws IOException {
        List<JsonNode> objects = new ArrayList<>();
        for (String line : Files.readAllLines(FILE)) {
            objects.add(Json.mapper().readTree(line));
        }
        return objects;
    }
}
