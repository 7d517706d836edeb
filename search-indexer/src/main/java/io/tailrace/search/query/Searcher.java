package io.tailrace.search.query;

import co.elastic.clients.elasticsearch.ElasticsearchAsyncClient;
import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch.core.OpenPointInTimeResponse;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import co.elastic.clients.transport.TransportException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.search.SearchSettings;
import io.tailrace.search.document.PartStyle;
import io.tailrace.search.document.SearchIndex;
import io.tailrace.search.index.Incarnation;
import io.tailrace.search.index.IndexKeeper;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks Elasticsearch, each time over a snapshot of the index, so that pages fit together. Blocking; thread-safe. */
public final class Searcher {
    private static final Logger LOG = LoggerFactory.getLogger(Searcher.class);
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;

    private final ElasticsearchClient client;
    private final IndexKeeper keeper;
    private final SearchSettings settings;
    private final SearchForm form;
    private final OpenPages pages;
    private final SearchSlots slots;
    private final Timer timer;
    private final Map<String, Known> current = new ConcurrentHashMap<>();

    /** An index that was behind its alias at this moment. */
    private record Known(Incarnation incarnation, long askedNs) {}

    /** A searcher with {@link SearchSettings#maxConcurrentSearches()} slots. */
    public Searcher(ElasticsearchClient client, IndexKeeper keeper, MeterRegistry registry, SearchSettings settings) {
        this.client = client;
        this.keeper = keeper;
        this.settings = settings;
        this.form = new SearchForm(settings);
        this.pages = new OpenPages(
                new ElasticsearchAsyncClient(client._transport()),
                settings.maxOpenPages(),
                settings.pageTimeout(),
                registry);
        this.slots = new SearchSlots(
                settings.maxConcurrentSearches(), settings.maxWaitingSearches(), settings.slotTimeout(), registry);
        this.timer = Timer.builder("tailrace.search.searches")
                .description("Searches, with their snapshot")
                .publishPercentiles(0.5, 0.95, 0.99)
                .register(registry);
    }

    /**
     * Searches.
     *
     * @throws ProblemException 410 if the page's snapshot is gone; 503 if Elasticsearch is away, busy or too slow, or too
     *     many search already
     */
    SearchResults search(Question question) {
        if (!slots.acquire()) {
            throw ProblemException.unavailable("Too many searches at the moment.", settings.retryAfter(), null);
        }
        Timer.Sample sample = Timer.start();
        try {
            PageCursor after = question.after();
            return after == null ? firstPage(question) : page(question, after.snapshot(), style(question.index()));
        } catch (TransportException e) {
            if (e.statusCode() == OK) {
                throw new IllegalStateException("an answer of Elasticsearch that cannot be read", e);
            }
            throw unavailable(e);
        } catch (IOException e) {
            throw unavailable(e);
        } catch (ElasticsearchException e) {
            throw translated(question, e);
        } finally {
            sample.stop(timer);
            slots.release();
        }
    }

    private SearchResults firstPage(Question question) throws IOException {
        Incarnation incarnation = current(question.index());
        OpenPointInTimeResponse snapshot;
        try {
            snapshot = open(incarnation);
        } catch (ElasticsearchException e) {
            if (e.status() != NOT_FOUND) {
                throw e;
            }
            // It was replaced a moment ago.
            current.remove(question.index().name());
            incarnation = current(question.index());
            snapshot = open(incarnation);
        }
        pages.used(snapshot.id());
        return page(question, snapshot.id(), incarnation.style());
    }

    private OpenPointInTimeResponse open(Incarnation incarnation) throws IOException {
        return client.openPointInTime(
                open -> open.index(incarnation.index()).keepAlive(time -> time.time(form.pageTimeout())));
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private SearchResults page(Question question, String snapshot, PartStyle style) throws IOException {
        boolean more = false;
        try {
            SearchResponse<Map> raw = client.search(form.request(question, snapshot, style), Map.class);
            SearchResponse<Map<String, Object>> response = (SearchResponse<Map<String, Object>>) (SearchResponse) raw;
            if (response.timedOut()) {
                throw ProblemException.unavailable(
                        "This search takes longer than "
                                + settings.searchTimeout().toMillis() + " ms; ask for something rarer.",
                        settings.retryAfter(),
                        null);
            }
            if (response.hits().hits().stream().anyMatch(hit -> !isOf(question.index(), hit.index()))) {
                throw new ProblemException(ProblemType.INVALID_CURSOR, "This cursor is of another index.");
            }
            String now = response.pitId() == null ? snapshot : response.pitId();
            SearchResults results = form.results(question, response, now);
            more = results.next() != null;
            if (more) {
                pages.used(now);
            }
            return results;
        } finally {
            if (!more) {
                pages.done(snapshot);
            }
        }
    }

    private boolean isOf(SearchIndex index, String name) {
        return name.startsWith(keeper.alias(index) + "-");
    }

    private PartStyle style(SearchIndex index) throws IOException {
        return current(index).style();
    }

    private Incarnation current(SearchIndex index) throws IOException {
        Known known = current.get(index.name());
        long nowNs = System.nanoTime();
        if (known == null || nowNs - known.askedNs() > settings.indexCheck().toNanos()) {
            Incarnation found = keeper.current(index).orElseThrow(() -> unavailable(null));
            known = new Known(found, nowNs);
            current.put(index.name(), known);
        }
        return known.incarnation();
    }

    private ProblemException translated(Question question, ElasticsearchException e) {
        if (e.status() == NOT_FOUND) {
            current.remove(question.index().name());
            return question.after() == null
                    ? unavailable(e)
                    : new ProblemException(
                            ProblemType.CURSOR_EXPIRED, "This page can no longer be asked for; search again.");
        }
        if (e.status() == BAD_REQUEST) {
            LOG.warn(
                    "index {}: Elasticsearch does not take a query: {}",
                    question.index().name(),
                    e.getMessage());
            return question.after() == null
                    ? ProblemException.invalid("query", "cannot be run")
                    : new ProblemException(ProblemType.INVALID_CURSOR, null);
        }
        return unavailable(e);
    }

    private ProblemException unavailable(@Nullable Exception cause) {
        return ProblemException.unavailable(
                "Search does not answer at the moment; everything else goes on.", settings.retryAfter(), cause);
    }
}
