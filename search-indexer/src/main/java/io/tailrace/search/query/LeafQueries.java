package io.tailrace.search.query;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.query_dsl.Operator;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.text.Excerpt;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.search.document.Folding;
import io.tailrace.search.document.SearchField;
import io.tailrace.search.document.SearchField.Kind;
import io.tailrace.search.document.SearchIndex;
import io.tailrace.search.query.ProgramQuery.Shape;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The queries of a program that name a field. Pure. */
final class LeafQueries {
    private static final int MAX_VALUE = 200;
    private static final int SHOWN = 60;
    private static final int MAX_MISTAKEN = 50;
    private static final Set<String> BOUNDS = Set.of("gt", "gte", "lt", "lte");

    private final SearchIndex index;

    LeafQueries(SearchIndex index) {
        this.index = index;
    }

    /** A field and what is asked of it. */
    private record Asked(String path, SearchField field, JsonNode body) {
        /** The value, which may stand alone or under one of two names. */
        String text(String name, Set<String> others) {
            JsonNode value = body;
            if (body.isObject()) {
                requireKnown(path, body, Set.of(name, "boost"), others);
                value = body.path(name);
            }
            if (!value.isTextual() && !value.isNumber() && !value.isBoolean()) {
                throw ProblemException.invalid(path, "expected a text, or an object with \"" + name + "\"");
            }
            String text = value.asText();
            int length = text.codePointCount(0, text.length());
            if (length > MAX_VALUE) {
                throw ProblemException.invalid(path, length + " characters, expected at most " + MAX_VALUE);
            }
            return text;
        }

        boolean flag(String name) {
            JsonNode flag = body.path(name);
            if (!flag.isMissingNode() && !flag.isBoolean()) {
                throw ProblemException.invalid(path + "." + name, "expected true or false");
            }
            return flag.asBoolean(false);
        }

        FieldValue value(String text) {
            return switch (field.kind()) {
                case TIME -> FieldValue.of(time(path, text));
                case WORDS -> FieldValue.of(folded(text));
                default -> FieldValue.of(text);
            };
        }

        String folded(String text) {
            return Questions.folded(path, text);
        }

        /** Words are folded, so all of a query's forms are for any case; the flag is for the other fields. */
        String name() {
            return field.kind() == Kind.WORDS ? field.folded() : field.name();
        }

        ProblemException refuse(String what) {
            return ProblemException.invalid(path, what + " is not for this field");
        }
    }

    Shape match(String path, JsonNode body) {
        Asked asked = asked(path, body);
        String text = asked.text("query", Set.of("operator", "fuzziness"));
        if (asked.field().kind() != Kind.WORDS) {
            FieldValue value = asked.value(text);
            return style -> Query.of(
                    query -> query.term(term -> term.field(asked.field().name()).value(value)));
        }
        Operator operator =
                asked.body().path("operator").asText("or").equalsIgnoreCase("and") ? Operator.And : Operator.Or;
        String fuzziness = asked.body().path("fuzziness").asText("0");
        if (!Set.of("0", "1", "2", "AUTO").contains(fuzziness)) {
            throw ProblemException.invalid(asked.path() + ".fuzziness", "expected 0, 1, 2 or \"AUTO\"");
        }
        String folded = asked.folded(text);
        return style -> Query.of(query -> query.match(match -> match.field(asked.name())
                .query(folded)
                .operator(operator)
                .fuzziness(fuzziness)
                .prefixLength(1)
                .maxExpansions(MAX_MISTAKEN)));
    }

    Shape term(String path, JsonNode body) {
        Asked asked = asked(path, body);
        FieldValue value = asked.value(asked.text("value", Set.of("case_insensitive")));
        boolean ignoreCase = asked.flag("case_insensitive");
        return style -> Query.of(query ->
                query.term(term -> term.field(asked.name()).value(value).caseInsensitive(ignoreCase ? true : null)));
    }

    Shape prefix(String path, JsonNode body) {
        Asked asked = asked(path, body);
        if (asked.field().kind() == Kind.TIME) {
            throw asked.refuse("prefix");
        }
        String text = asked.text("value", Set.of("case_insensitive"));
        String value = asked.field().kind() == Kind.WORDS ? asked.folded(text) : text;
        boolean ignoreCase = asked.flag("case_insensitive");
        return style -> Query.of(query -> query.prefix(
                prefix -> prefix.field(asked.name()).value(value).caseInsensitive(ignoreCase ? true : null)));
    }

    Shape wildcard(String path, JsonNode body) {
        Asked asked = asked(path, body);
        if (!asked.field().kind().hasParts()) {
            throw asked.refuse("wildcard");
        }
        String name = asked.body().has("wildcard") ? "wildcard" : "value";
        String pattern = asked.text(name, Set.of("case_insensitive"));
        boolean fold = asked.flag("case_insensitive");
        Questions.requireBounded(asked.path(), Folding.of(pattern));
        return style -> PartQuery.of(asked.field(), pattern, fold, style, 1);
    }

    Shape range(String path, JsonNode body) {
        Asked asked = asked(path, body);
        if (asked.field().kind() == Kind.WORDS) {
            throw asked.refuse("range");
        }
        requireKnown(asked.path(), asked.body(), BOUNDS, Set.of("boost"));
        if (!asked.body().isObject() || asked.body().isEmpty()) {
            throw ProblemException.invalid(asked.path(), "expected an object with any of gt, gte, lt, lte");
        }
        boolean time = asked.field().kind() == Kind.TIME;
        Map<String, String> bounds = asked.body().properties().stream()
                .filter(bound -> BOUNDS.contains(bound.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, bound -> {
                    String at = asked.path() + "." + bound.getKey();
                    String text = new Asked(at, asked.field(), bound.getValue()).text("value", Set.of());
                    return time ? time(at, text) : text;
                }));
        return style -> Query.of(query ->
                query.range(range -> range.term(term -> term.field(asked.field().name())
                        .gt(bounds.get("gt"))
                        .gte(bounds.get("gte"))
                        .lt(bounds.get("lt"))
                        .lte(bounds.get("lte")))));
    }

    private Asked asked(String path, JsonNode body) {
        if (body.size() != 1) {
            throw ProblemException.invalid(path, "expected one field, one of " + names());
        }
        Map.Entry<String, JsonNode> only = body.properties().iterator().next();
        String here = path + "." + shown(only.getKey());
        SearchField field = index.field(only.getKey())
                .orElseThrow(
                        () -> ProblemException.invalid(here, "there is no such field, expected one of " + names()));
        return new Asked(here, field, only.getValue());
    }

    private String names() {
        return index.fields().stream().map(SearchField::name).collect(Collectors.joining(", "));
    }

    private static String time(String path, String text) {
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            return time.toString();
        } catch (DateTimeParseException e) {
            throw ProblemException.invalid(path, '"' + shown(text) + "\", expected a time as of RFC 3339");
        }
    }

    static void requireKnown(String path, JsonNode body, Set<String> known) {
        requireKnown(path, body, known, Set.of());
    }

    private static void requireKnown(String path, JsonNode body, Set<String> known, Set<String> more) {
        body.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name) && !more.contains(name)) {
                throw ProblemException.invalid(
                        path + "." + shown(name),
                        "not allowed here, expected "
                                + java.util.stream.Stream.concat(known.stream(), more.stream())
                                        .sorted()
                                        .collect(Collectors.joining(", ")));
            }
        });
    }

    static String shown(String text) {
        return Excerpt.of(text.replaceAll("\\p{Cntrl}", "?"), SHOWN);
    }
}
