package io.tailrace.ingest.erasure.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads every document of every index of Elasticsearch. */
final class IndexCheck {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int PAGE = 1_000;

    /** In the names of indexes whose documents keep whose they are as an id that leads nowhere. */
    private static final String SHOWS = "shows";

    private final IndexClient elasticsearch;
    private final Traces traces;

    IndexCheck(String url, Traces traces) {
        this.elasticsearch = new IndexClient(url, TIMEOUT);
        this.traces = traces;
    }

    List<Finding> run() throws IOException, InterruptedException {
        List<Finding> findings = new ArrayList<>();
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (JsonNode index :
                    elasticsearch.ask(client, "GET", "/_cat/indices?format=json&expand_wildcards=all", null)) {
                String name = index.path("index").asText();
                var unused = elasticsearch.ask(client, "POST", "/" + name + "/_refresh", null);
                add(findings, client, name);
            }
        }
        return findings;
    }

    private void add(List<Finding> findings, HttpClient client, String index) throws IOException, InterruptedException {
        long texts = 0;
        long ids = 0;
        JsonNode page = elasticsearch.ask(
                client, "POST", "/" + index + "/_search?scroll=1m", Map.of("size", PAGE, "sort", List.of("_doc")));
        while (!page.path("hits").path("hits").isEmpty()) {
            for (JsonNode hit : page.path("hits").path("hits")) {
                Traces.Kind kind = traces.in(Json.write(hit));
                texts += kind == Traces.Kind.TEXT ? 1 : 0;
                ids += kind == Traces.Kind.ID ? 1 : 0;
            }
            page = elasticsearch.ask(
                    client,
                    "POST",
                    "/_search/scroll",
                    Map.of("scroll", "1m", "scroll_id", page.path("_scroll_id").asText()));
        }
        if (texts > 0) {
            findings.add(new Finding("index " + index, texts, "documents with a text", false));
        }
        if (ids > 0) {
            boolean ofShows = index.contains(SHOWS);
            findings.add(new Finding(
                    "index " + index,
                    ids,
                    ofShows ? "shows with the id, which leads nowhere" : "documents with the id",
                    ofShows));
        }
    }
}
