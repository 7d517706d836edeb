package io.tailrace.search.query;

import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.search.document.Folding;
import io.tailrace.search.document.SearchField;
import io.tailrace.search.document.SearchField.Kind;
import io.tailrace.search.document.SearchIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what people and programs ask, and refuses what is not allowed. Pure. */
final class Questions {
    /** Characters; a pattern's cost grows with its length. */
    private static final int MAX_TEXT = 200;

    /** Characters when it is folded: one can stand for 18, and each is a clause of the query. */
    private static final int MAX_FOLDED = 400;

    private static final int MAX_LIMIT = 100;
    private static final int DEFAULT_LIMIT = 20;
    private static final Set<String> BODY = Set.of("query", "size", "after");

    private Questions() {}

    /**
     * What a person asks.
     *
     * @param q what was typed; null or blank for everything
     * @param fields names joined by commas; null for all that can be searched for text
     * @throws ProblemException 400
     */
    static Question typed(
            SearchIndex index,
            @Nullable String q,
            @Nullable String fields,
            @Nullable Integer limit,
            @Nullable String after) {
        int length = q == null ? 0 : q.codePointCount(0, q.length());
        if (length > MAX_TEXT) {
            throw ProblemException.invalid("q", length + " characters, expected at most " + MAX_TEXT);
        }
        List<SearchField> where = fields(index, fields);
        String text = q == null ? "" : q.strip();
        ObjectNode asked = JsonNodeFactory.instance.objectNode().put("q", text);
        where.stream().filter(field -> field.kind() != Kind.DIGITS).forEach(field -> asked.withArray("fields")
                .add(field.name()));
        TextQuery typed = new TextQuery(text, where);
        requireBounded("q", typed.text());
        // Spaces and invisible characters alone ask for nothing.
        TextQuery query = typed.text().isEmpty() ? null : typed;
        return new Question(
                index,
                asked.toString(),
                style -> query == null ? Query.of(all -> all.matchAll(every -> every)) : query.query(style),
                query,
                query == null,
                limit("limit", limit == null ? DEFAULT_LIMIT : limit),
                cursor(index, asked.toString(), after));
    }

    /**
     * What a program asks.
     *
     * @param body {@code {query?, size?, after?}}
     * @throws ProblemException 400 that says what is allowed
     */
    static Question programmed(SearchIndex index, JsonNode body) {
        if (!body.isObject()) {
            throw ProblemException.invalid("body", "expected an object with query, size or after");
        }
        body.fieldNames().forEachRemaining(name -> {
            if (!BODY.contains(name)) {
                throw ProblemException.invalid(
                        LeafQueries.shown(name), "not allowed here, expected query, size or after");
            }
        });
        JsonNode query = body.path("query");
        boolean everything = query.isMissingNode() || ProgramQuery.isMatchAll(query);
        ProgramQuery.Shape shape = query.isMissingNode()
                ? style -> Query.of(all -> all.matchAll(every -> every))
                : ProgramQuery.read(index, "query", query);
        String asked = JsonNodeFactory.instance
                .objectNode()
                .set("query", query.isMissingNode() ? null : query)
                .toString();
        return new Question(
                index, asked, shape, null, everything, size(body.path("size")), cursor(index, asked, after(body)));
    }

    /** A text as it is looked for, bounded. */
    static String folded(String name, String text) {
        String folded = Folding.of(text);
        requireBounded(name, folded);
        return folded;
    }

    /** Refuses a text that is too long when it is folded. */
    static void requireBounded(String name, String folded) {
        int length = folded.codePointCount(0, folded.length());
        if (length > MAX_FOLDED) {
            throw ProblemException.invalid(
                    name, length + " characters with its ligatures written out, expected at most " + MAX_FOLDED);
        }
    }

    private static List<SearchField> fields(SearchIndex index, @Nullable String names) {
        List<SearchField> searched =
                index.fields().stream().filter(field -> field.kind().hasParts()).toList();
        if (names == null || names.isBlank()) {
            return searched;
        }
        Set<String> known = searched.stream().map(SearchField::source).collect(Collectors.toSet());
        List<String> wanted = List.of(names.split(",", -1));
        for (String name : wanted) {
            if (!known.contains(name)) {
                throw ProblemException.invalid(
                        "fields",
                        '"' + LeafQueries.shown(name) + "\", expected of "
                                + known.stream().sorted().collect(Collectors.joining(", ")));
            }
        }
        return searched.stream()
                .filter(field -> wanted.contains(field.source()))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static int size(JsonNode size) {
        if (size.isMissingNode()) {
            return DEFAULT_LIMIT;
        }
        if (!size.isIntegralNumber() || !size.canConvertToInt()) {
            throw ProblemException.invalid("size", "expected a whole number from 1 to " + MAX_LIMIT);
        }
        return limit("size", size.intValue());
    }

    private static int limit(String name, int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw ProblemException.invalid(name, limit + ", expected 1 to " + MAX_LIMIT);
        }
        return limit;
    }

    private static @Nullable String after(JsonNode body) {
        JsonNode after = body.path("after");
        if (after.isMissingNode() || after.isNull()) {
            return null;
        }
        if (!after.isTextual()) {
            throw ProblemException.invalid("after", "expected the \"next\" of a page");
        }
        return after.asText();
    }

    private static @Nullable PageCursor cursor(SearchIndex index, String asked, @Nullable String after) {
        if (after == null) {
            return null;
        }
        PageCursor cursor = PageCursor.parse(after)
                .orElseThrow(() ->
                        new ProblemException(ProblemType.INVALID_CURSOR, "\"after\" is not the \"next\" of a page."));
        if (cursor.question() != Question.fingerprint(index, asked)) {
            throw new ProblemException(
                    ProblemType.INVALID_CURSOR, "\"after\" is of another search; repeat the one that it goes on with.");
        }
        return cursor;
    }
}
