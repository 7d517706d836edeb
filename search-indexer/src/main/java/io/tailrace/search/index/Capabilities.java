package io.tailrace.search.index;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.search.document.PartStyle;
import java.io.IOException;
import java.io.InputStream;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.RestClient;

/** What the servers of the cluster can do. Thread-safe; asks at each call. */
public final class Capabilities {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WILDCARD_MODULE = "wildcard";

    private final RestClient client;

    /** Asks over the client that all others use. */
    public Capabilities(RestClient client) {
        this.client = client;
    }

    /**
     * How parts of values are to be found: by the field type for it if every node has it.
     *
     * @throws IOException if Elasticsearch is away or does not say
     */
    public PartStyle partStyle() throws IOException {
        // Not by the typed client: it insists on facts that a minimal server does not tell.
        Request request = new Request("GET", "/_nodes/plugins");
        request.addParameter("filter_path", "nodes.*.modules.name");
        try (InputStream in = client.performRequest(request).getEntity().getContent()) {
            JsonNode nodes = JSON.readTree(in).path("nodes");
            boolean all = !nodes.isEmpty();
            for (JsonNode node : nodes) {
                boolean has = false;
                for (JsonNode module : node.path("modules")) {
                    has |= module.path("name").asText().contains(WILDCARD_MODULE);
                }
                all &= has;
            }
            return all ? PartStyle.WILDCARD : PartStyle.GRAMS;
        }
    }
}
