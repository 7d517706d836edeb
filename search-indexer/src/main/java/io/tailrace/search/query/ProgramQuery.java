package io.tailrace.search.query;

import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.search.document.PartStyle;
import io.tailrace.search.document.SearchIndex;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Reads the part of Elasticsearch's query language that programs may use. Whatever it lets through has a bounded cost: so
 * many clauses, so deep, over values so long. Not thread-safe: one for each query.
 */
final class ProgramQuery {
    private static final int MAX_CLAUSES = 32;
    private static final int MAX_DEPTH = 4;
    private static final String ALLOWED = "expected one of match_all, match, term, range, prefix, wildcard, bool";
    private static final Set<String> BOOL_LISTS = Set.of("must", "should", "filter", "must_not");

    private final LeafQueries leaves;
    private int clauses;

    private ProgramQuery(SearchIndex index) {
        this.leaves = new LeafQueries(index);
    }

    /** A query that is yet to learn how the index finds parts. */
    interface Shape extends Function<PartStyle, Query> {}

    /**
     * Reads a query.
     *
     * @param path names it in errors
     * @throws ProblemException 400 that says what is allowed
     */
    static Shape read(SearchIndex index, String path, JsonNode query) {
        return new ProgramQuery(index).clause(path, query, 1);
    }

    /** Whether it asks for everything. */
    static boolean isMatchAll(JsonNode query) {
        return query.isObject() && query.size() == 1 && query.has("match_all");
    }

    private Shape clause(String path, JsonNode node, int depth) {
        if (++clauses > MAX_CLAUSES) {
            throw ProblemException.invalid(path, "more than " + MAX_CLAUSES + " clauses in one query");
        }
        if (depth > MAX_DEPTH) {
            throw ProblemException.invalid(path, "nested more than " + MAX_DEPTH + " deep");
        }
        if (!node.isObject() || node.size() != 1) {
            throw ProblemException.invalid(path, "expected an object with one query, " + ALLOWED);
        }
        Map.Entry<String, JsonNode> only = node.properties().iterator().next();
        String here = path + "." + LeafQueries.shown(only.getKey());
        JsonNode body = only.getValue();
        if (!body.isObject()) {
            throw ProblemException.invalid(here, "expected an object");
        }
        return switch (only.getKey()) {
            case "match_all" -> matchAll(here, body);
            case "bool" -> bool(here, body, depth);
            case "match" -> leaves.match(here, body);
            case "term" -> leaves.term(here, body);
            case "range" -> leaves.range(here, body);
            case "prefix" -> leaves.prefix(here, body);
            case "wildcard" -> leaves.wildcard(here, body);
            default -> throw ProblemException.invalid(here, "not allowed here, " + ALLOWED);
        };
    }

    private static Shape matchAll(String path, JsonNode body) {
        LeafQueries.requireKnown(path, body, Set.of("boost"));
        return style -> Query.of(query -> query.matchAll(all -> all));
    }

    private Shape bool(String path, JsonNode body, int depth) {
        List<BiConsumer<BoolQuery.Builder, PartStyle>> parts = new ArrayList<>();
        Iterator<Map.Entry<String, JsonNode>> fields = body.properties().iterator();
        boolean positive = false;
        while (fields.hasNext()) {
            Map.Entry<String, JsonNode> field = fields.next();
            String here = path + "." + LeafQueries.shown(field.getKey());
            if (field.getKey().equals("minimum_should_match")) {
                int least = least(here, field.getValue());
                parts.add((bool, style) -> bool.minimumShouldMatch(Integer.toString(least)));
            } else if (BOOL_LISTS.contains(field.getKey())) {
                List<Shape> shapes = list(here, field.getValue(), depth);
                positive |= !field.getKey().equals("must_not") && !shapes.isEmpty();
                shapes.forEach(shape -> parts.add((bool, style) -> add(bool, field.getKey(), shape.apply(style))));
            } else {
                throw ProblemException.invalid(
                        here, "not allowed here, expected must, should, filter, must_not or minimum_should_match");
            }
        }
        if (!positive) {
            parts.add((bool, style) -> bool.must(all -> all.matchAll(every -> every)));
        }
        return style -> {
            BoolQuery.Builder bool = new BoolQuery.Builder();
            parts.forEach(part -> part.accept(bool, style));
            return bool.build()._toQuery();
        };
    }

    private static void add(BoolQuery.Builder bool, String list, Query query) {
        switch (list) {
            case "must" -> bool.must(query);
            case "should" -> bool.should(query);
            case "filter" -> bool.filter(query);
            default -> bool.mustNot(query);
        }
    }

    private List<Shape> list(String path, JsonNode value, int depth) {
        if (value.isObject()) {
            return List.of(clause(path, value, depth + 1));
        }
        if (!value.isArray()) {
            throw ProblemException.invalid(path, "expected a query or a list of them");
        }
        List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            shapes.add(clause(path + "[" + i + "]", value.path(i), depth + 1));
        }
        return shapes;
    }

    private static int least(String path, JsonNode value) {
        if (!value.isIntegralNumber()
                || !value.canConvertToInt()
                || value.intValue() < 0
                || value.intValue() > MAX_CLAUSES) {
            throw ProblemException.invalid(path, "expected a whole number from 0 to " + MAX_CLAUSES);
        }
        return value.intValue();
    }
}
