package io.tailrace.search.query;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch.core.SearchRequest;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import co.elastic.clients.elasticsearch.core.search.Hit;
import co.elastic.clients.elasticsearch.core.search.TotalHitsRelation;
import io.tailrace.search.SearchSettings;
import io.tailrace.search.document.PartStyle;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A question as a request to Elasticsearch, and the answer. Pure. */
final class SearchForm {
    private static final int COUNTED = 10_000;

    private final String pageTimeout;
    private final String searchTimeout;
    private final long maxMatches;

    SearchForm(SearchSettings settings) {
        this.pageTimeout = settings.pageTimeout().toMillis() + "ms";
        this.searchTimeout = settings.searchTimeout().toMillis() + "ms";
        this.maxMatches = settings.maxMatches();
    }

    /** How long a snapshot is kept, as Elasticsearch writes durations. */
    String pageTimeout() {
        return pageTimeout;
    }

    SearchRequest request(Question question, String snapshot, PartStyle style) {
        return SearchRequest.of(search -> {
            search.query(question.query().apply(style))
                    .pit(pit -> pit.id(snapshot).keepAlive(time -> time.time(pageTimeout)))
                    // One more than the page has: so it is known whether there is another.
                    .size(question.limit() + 1)
                    .timeout(searchTimeout)
                    .trackTotalHits(total -> total.count(COUNTED));
            if (!question.everything()) {
                search.trackScores(true)
                        .terminateAfter(maxMatches)
                        .sort(sort -> sort.score(score -> score.order(SortOrder.Desc)));
            }
            // Of equally good ones the newest first. Elasticsearch adds the document's place, which makes it an order.
            search.sort(sort -> sort.field(field -> field.field("created_at").order(SortOrder.Desc)));
            PageCursor after = question.after();
            if (after != null) {
                search.searchAfter(after.sort().stream().map(SearchForm::value).toList());
            }
            return search;
        });
    }

    private static FieldValue value(Number number) {
        return number instanceof Double d ? FieldValue.of(d) : FieldValue.of(number.longValue());
    }

    SearchResults results(Question question, SearchResponse<Map<String, Object>> response, String snapshot) {
        List<Hit<Map<String, Object>>> all = response.hits().hits();
        List<Hit<Map<String, Object>>> shown = all.size() > question.limit() ? all.subList(0, question.limit()) : all;
        String next = all.size() > shown.size() ? cursor(question, shown.getLast(), snapshot) : null;
        List<SearchResults.SearchHit> hits =
                shown.stream().map(hit -> hit(question.text(), hit)).toList();
        var total = response.hits().total();
        boolean cut = Boolean.TRUE.equals(response.terminatedEarly());
        return total == null
                ? new SearchResults(hits.size(), false, hits, next)
                : new SearchResults(total.value(), total.relation() == TotalHitsRelation.Eq && !cut, hits, next);
    }

    private static String cursor(Question question, Hit<Map<String, Object>> last, String snapshot) {
        List<Number> sort = last.sort().stream().map(SearchForm::number).toList();
        return new PageCursor(question.fingerprint(), sort, snapshot).text();
    }

    private static Number number(FieldValue value) {
        if (value.isDouble()) {
            return value.doubleValue();
        }
        return value.longValue();
    }

    private static SearchResults.SearchHit hit(@Nullable TextQuery text, Hit<Map<String, Object>> hit) {
        Map<String, Object> document = Objects.requireNonNullElse(hit.source(), Map.of());
        return new SearchResults.SearchHit(
                String.valueOf(hit.id()),
                Objects.requireNonNullElse(hit.score(), 0.0),
                document,
                text == null ? Map.of() : Highlights.of(text, document));
    }
}
