package io.tailrace.search.index;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tailrace.search.document.PartStyle;
import io.tailrace.search.document.SearchIndex;
import java.io.IOException;
import java.io.StringReader;

/**
 * The index templates in Elasticsearch. Every index of ours is made by its template, also one that Elasticsearch makes by
 * itself; none has a dynamic field. Thread-safe.
 */
public final class Templates {
    /** Above those that Elasticsearch ships for logs and metrics. */
    private static final long PRIORITY = 500;

    private final ElasticsearchClient client;

    /** Templates of a cluster. */
    public Templates(ElasticsearchClient client) {
        this.client = client;
    }

    /**
     * Puts the template by which indexes named {@code alias-*} are made.
     *
     * @throws IOException if Elasticsearch is away
     */
    void put(SearchIndex index, String alias, PartStyle style) throws IOException {
        JsonNode template = index.template(style);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putArray("index_patterns").add(alias + "-*");
        body.put("priority", PRIORITY);
        body.set("template", template);
        body.putObject("_meta").put("parts", style.name()).put("mapping_version", index.mappingVersion());
        client.indices().putIndexTemplate(put -> put.withJson(new StringReader(body.toString()))
                .name(alias));
    }
}
