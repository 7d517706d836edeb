package io.tailrace.search.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.tailrace.kit.limit.ReadsOnly;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Caller;
import io.tailrace.search.document.SearchIndex;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code GET /search/{index}?q=&fields=&limit&after} for people, {@code POST /search/{index}} for programs. */
@Controller("/search")
@Secured(SecurityRule.IS_AUTHENTICATED)
@ExecuteOn(TaskExecutors.BLOCKING)
final class SearchController {
    private final List<SearchIndex> indexes;
    private final Searcher searcher;
    private final AuditLog audit;

    SearchController(Indexes indexes, Searcher searcher, AuditLog audit) {
        this.indexes = indexes.all();
        this.searcher = searcher;
        this.audit = audit;
    }

    @Get("/{index}")
    SearchResults typed(
            String index,
            @QueryValue @Nullable String q,
            @QueryValue @Nullable String fields,
            @QueryValue @Nullable Integer limit,
            @QueryValue @Nullable String after,
            Caller caller) {
        return answer(Questions.typed(open(index, caller), q, fields, limit, after), caller);
    }

    @Post("/{index}")
    @ReadsOnly
    SearchResults programmed(String index, @Body JsonNode body, Caller caller) {
        return answer(Questions.programmed(open(index, caller), body), caller);
    }

    private SearchResults answer(Question question, Caller caller) {
        if (!question.index().roles().isEmpty()) {
            audit.searches(caller, question);
        }
        return searcher.search(question);
    }

    private SearchIndex open(String name, Caller caller) {
        SearchIndex index = indexes.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND,
                        "There is no such index, expected "
                                + indexes.stream().map(SearchIndex::name).collect(Collectors.joining(", "))));
        if (!index.roles().isEmpty() && index.roles().stream().noneMatch(caller::hasRole)) {
            throw new ProblemException(
                    ProblemType.FORBIDDEN,
                    "This index is open to the roles "
                            + index.roles().stream().sorted().collect(Collectors.joining(", ")) + ".");
        }
        return index;
    }
}
