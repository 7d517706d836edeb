package io.tailrace.search.index;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import co.elastic.clients.elasticsearch.core.search.Hit;
import io.tailrace.search.document.SearchIndex;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** All documents of an index, one after the other, over a snapshot of it. Thread-safe. */
public final class Documents {
    private static final int PAGE = 1000;
    private static final String KEEP = "1m";

    private final ElasticsearchClient client;
    private final IndexKeeper keeper;

    /** Takes a document. */
    public interface Visitor {
        /** One document, with its version. */
        void visit(String id, long version, Map<String, Object> fields);
    }

    /** Documents of the indexes of a keeper. */
    public Documents(ElasticsearchClient client, IndexKeeper keeper) {
        this.client = client;
        this.keeper = keeper;
    }

    /**
     * Shows every document that has been written.
     *
     * @throws IOException if Elasticsearch is away
     */
    public void visitAll(SearchIndex index, Visitor visitor) throws IOException {
        Incarnation incarnation =
                keeper.current(index).orElseThrow(() -> new IOException("there is no index " + index.name()));
        keeper.refresh(incarnation);
        String snapshot = client.openPointInTime(
                        open -> open.index(incarnation.index()).keepAlive(time -> time.time(KEEP)))
                .id();
        try {
            List<FieldValue> after = List.of();
            List<Hit<Map<String, Object>>> page;
            do {
                page = page(snapshot, after);
                page.forEach(hit -> visitor.visit(
                        String.valueOf(hit.id()),
                        Objects.requireNonNullElse(hit.version(), -1L),
                        Objects.requireNonNullElse(hit.source(), Map.of())));
                after = page.isEmpty() ? after : page.getLast().sort();
            } while (page.size() == PAGE);
        } finally {
            client.closePointInTime(close -> close.id(snapshot));
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private List<Hit<Map<String, Object>>> page(String snapshot, List<FieldValue> after) throws IOException {
        SearchResponse<Map> response = client.search(
                search -> {
                    search.pit(pit -> pit.id(snapshot).keepAlive(time -> time.time(KEEP)))
                            .size(PAGE)
                            .version(true)
                            .trackTotalHits(total -> total.enabled(false))
                            .sort(sort -> sort.field(
                                    field -> field.field("_shard_doc").order(SortOrder.Asc)));
                    return after.isEmpty() ? search : search.searchAfter(after);
                },
                Map.class);
        return ((SearchResponse<Map<String, Object>>) (SearchResponse) response)
                .hits()
                .hits();
    }
}
