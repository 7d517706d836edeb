package io.tailrace.search.query;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch._types.query_dsl.QueryBuilders;
import co.elastic.clients.elasticsearch.core.SearchRequest;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import co.elastic.clients.elasticsearch.core.search.Hit;
import co.elastic.clients.elasticsearch.core.search.TotalHitsRelation;
import co.elastic.clients.transport.TransportException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.search.SearchSettings;
import io.tailrace.search.document.SearchIndex;
import io.tailrace.search.index.IndexKeeper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Asks Elasticsearch. Blocking; thread-safe. */
public final class Searcher {
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERRORS = 500;

    private final ElasticsearchClient client;
    private final IndexKeeper keeper;
    private final SearchSettings settings;
    private final Semaphore slots;
    private final Counter refused;

    /** A searcher with {@link SearchSettings#maxConcurrentSearches()} slots. */
    public Searcher(ElasticsearchClient client, IndexKeeper keeper, MeterRegistry registry, SearchSettings settings) {
        this.client = client;
        this.keeper = keeper;
        this.settings = settings;
        this.slots = new Semaphore(settings.maxConcurrentSearches());
        this.refused = Counter.builder("tailrace.search.refused")
                .description("Searches over tailrace.search.max-concurrent-searches")
                .register(registry);
    }

    /**
     * Searches.
     *
     * @param text what a person typed, not blank; null for everything, newest first
     * @param limit the most hits
     * @throws ProblemException 503 if Elasticsearch is away, busy or too slow, or too many search already
     */
    @SuppressWarnings({"unchecked", "rawtypes"})
    SearchResults search(SearchIndex index, @Nullable String text, int limit) {
        if (!slots.tryAcquire()) {
            refused.increment();
            throw ProblemException.unavailable("Too many searches at the moment.", settings.retryAfter(), null);
        }
        try {
            SearchResponse<Map> response = client.search(request(index, text, limit), Map.class);
            if (response.timedOut()) {
                throw unavailable(null);
            }
            return results((SearchResponse<Map<String, Object>>) (SearchResponse) response);
        } catch (TransportException e) {
            if (e.statusCode() == OK) {
                throw new IllegalStateException("an answer of Elasticsearch that cannot be read", e);
            }
            throw unavailable(e);
        } catch (IOException e) {
            throw unavailable(e);
        } catch (ElasticsearchException e) {
            // Not found: the index is about to be made, by the indexer.
            if (e.status() == NOT_FOUND || e.status() == TOO_MANY_REQUESTS || e.status() >= SERVER_ERRORS) {
                throw unavailable(e);
            }
            throw e;
        } finally {
            slots.release();
        }
    }

    private SearchRequest request(SearchIndex index, @Nullable String text, int limit) {
        Query query = text == null ? QueryBuilders.matchAll().build()._toQuery() : TextQuery.of(index, text);
        return SearchRequest.of(search -> search.index(keeper.alias(index))
                .query(query)
                .size(limit)
                .timeout(settings.searchTimeout().toMillis() + "ms")
                .trackScores(true)
                .sort(sort -> sort.score(score -> score.order(SortOrder.Desc)))
                // Ids are UUIDv7: of equally good ones the newest first.
                .sort(sort -> sort.field(field -> field.field("id").order(SortOrder.Desc))));
    }

    private static SearchResults results(SearchResponse<Map<String, Object>> response) {
        List<SearchResults.SearchHit> hits =
                response.hits().hits().stream().map(Searcher::hit).toList();
        var total = response.hits().total();
        return total == null
                ? new SearchResults(hits.size(), false, hits)
                : new SearchResults(total.value(), total.relation() == TotalHitsRelation.Eq, hits);
    }

    private static SearchResults.SearchHit hit(Hit<Map<String, Object>> hit) {
        return new SearchResults.SearchHit(
                String.valueOf(hit.id()),
                Objects.requireNonNullElse(hit.score(), 0.0),
                Objects.requireNonNullElse(hit.source(), Map.of()));
    }

    private ProblemException unavailable(@Nullable Exception cause) {
        return ProblemException.unavailable(
                "Search does not answer at the moment; everything else goes on.", settings.retryAfter(), cause);
    }
}
