package io.tailrace.search.query;

import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Caller;
import io.tailrace.search.document.SearchIndex;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code GET /search/{index}?q=&limit}. */
@Controller("/search")
@Secured(SecurityRule.IS_AUTHENTICATED)
@ExecuteOn(TaskExecutors.BLOCKING)
final class SearchController {
    /** Characters; a pattern's cost grows with its length. */
    private static final int MAX_QUERY_LENGTH = 200;

    private static final int MAX_LIMIT = 100;

    private final List<SearchIndex> indexes;
    private final Searcher searcher;

    SearchController(Indexes indexes, Searcher searcher) {
        this.indexes = indexes.all();
        this.searcher = searcher;
    }

    @Get("/{index}")
    SearchResults search(
            String index, @QueryValue @Nullable String q, @QueryValue(defaultValue = "20") int limit, Caller caller) {
        SearchIndex found = indexes.stream()
                .filter(each -> each.name().equals(index))
                .findFirst()
                .orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND, "There is no such index."));
        if (!found.roles().isEmpty() && found.roles().stream().noneMatch(caller::hasRole)) {
            throw new ProblemException(
                    ProblemType.FORBIDDEN, "This index is open to the roles " + String.join(", ", sorted(found)) + ".");
        }
        if (limit < 1 || limit > MAX_LIMIT) {
            throw ProblemException.invalid("limit", limit + ", expected 1 to " + MAX_LIMIT);
        }
        if (q != null && q.length() > MAX_QUERY_LENGTH) {
            throw ProblemException.invalid("q", q.length() + " characters, expected at most " + MAX_QUERY_LENGTH);
        }
        return searcher.search(found, q == null || q.isBlank() ? null : q.strip(), limit);
    }

    private static List<String> sorted(SearchIndex index) {
        return index.roles().stream().sorted().toList();
    }
}
