package io.tailrace.search.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.problem.Problem;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.search.document.PartStyle;
import io.tailrace.search.document.UserIndex;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuestionsTest {
    private static final UserIndex USERS = new UserIndex();

    @Test
    void aPatternAsksForItsPiecesAndIsThenChecked() {
        assertThat(query("{'wildcard': {'phone': '*191954'}}", PartStyle.GRAMS))
                .contains("\"phone_grams\":{\"value\":\"191\"}", "\"phone_grams\":{\"value\":\"954\"}")
                .contains("\"phone_folded\"", "\"*191954\"");
    }

    @Test
    void aPatternThatIsATextBetweenStarsNeedsNoCheck() {
        assertThat(query("{'wildcard': {'phone': '*191954*'}}", PartStyle.GRAMS))
                .contains("\"span_near\"", "\"in_order\":true", "\"slop\":0")
                .containsSubsequence("\"191\"", "\"919\"", "\"195\"", "\"954\"")
                .doesNotContain("phone_folded");
        assertThat(query("{'wildcard': {'phone': '*195*'}}", PartStyle.GRAMS))
                .contains("\"phone_grams\":{\"value\":\"195\"}")
                .doesNotContain("phone_folded");
        assertThat(query("{'wildcard': {'phone': '*19*'}}", PartStyle.GRAMS))
                .contains("{\"prefix\":{\"phone_grams\":{\"value\":\"19\"")
                .doesNotContain("phone_folded");
        assertThat(query("{'wildcard': {'phone': '195*'}}", PartStyle.GRAMS)).contains("phone_folded");
    }

    @Test
    void lettersHaveACaseUnlessItIsToBeIgnored() {
        assertThat(query("{'wildcard': {'email': '*abcd*'}}", PartStyle.GRAMS))
                .contains("email_cased_grams", "email_grams", "\"exists\"")
                .doesNotContain("email.parts");
        assertThat(query("{'wildcard': {'email': '*aBcd*'}}", PartStyle.GRAMS))
                .contains("email_cased_grams", "\"aBc\"")
                .doesNotContain("email_grams", "email.parts");
        assertThat(query("{'wildcard': {'email': {'value': '*aBcd*', 'case_insensitive': true}}}", PartStyle.GRAMS))
                .contains("email_grams", "\"abc\"")
                .doesNotContain("email_cased_grams", "email.parts");
        // Nearly each name has a capital: they have no second field.
        assertThat(query("{'wildcard': {'name': '*abcd*'}}", PartStyle.GRAMS)).contains("name_grams", "name.parts");
    }

    @Test
    void aPatternInItsCaseAsksForThePiecesThatItsValuesSurelyHave() {
        assertThat(query("{'wildcard': {'name': '*Žižka*Ivan'}}", PartStyle.GRAMS))
                .contains("\"name_grams\":{\"value\":\"ziz\"}", "\"name_grams\":{\"value\":\"iva\"}")
                .contains("\"name.parts\"", "\"*Žižka*Ivan\"");
        // What follows may belong to the same syllable.
        assertThat(query("{'wildcard': {'name': '*가*'}}", PartStyle.GRAMS)).doesNotContain("name_grams");
    }

    @Test
    void theLiteralsOfAPatternAreFoldedAndItsWildcardsAreNot() {
        assertThat(PartQuery.folded("*İ?\\*ß＊\\")).isEqualTo("*i?\\*ss\\*\\\\");
        assertThat(PartQuery.literals("a\\*b*c?\\")).containsExactly("a*b", "c", "\\");
    }

    @Test
    void whereTheServerHasATypeForItThePatternIsAllThereIs() {
        assertThat(query("{'wildcard': {'phone': {'value': '*191954*'}}}", PartStyle.WILDCARD))
                .contains("\"phone_folded\"", "\"*191954*\"")
                .doesNotContain("grams");
        assertThat(query("{'wildcard': {'name': '*Ünal*'}}", PartStyle.WILDCARD))
                .contains("\"name.parts\"", "\"*Ünal*\"");
        assertThat(query("{'wildcard': {'name': {'value': '*Ünal*', 'case_insensitive': true}}}", PartStyle.WILDCARD))
                .contains("\"name_folded.parts\"", "\"*unal*\"")
                .doesNotContain("case_insensitive");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'match_all': {}}",
                "{'match': {'name': 'ada'}}",
                "{'match': {'name': {'query': 'ada', 'operator': 'and', 'fuzziness': 'AUTO'}}}",
                "{'match': {'email': 'ada@example.org'}}",
                "{'term': {'email': {'value': 'ada@example.org', 'case_insensitive': true}}}",
                "{'term': {'created_at': '2026-01-01T00:00:00Z'}}",
                "{'range': {'created_at': {'gte': '2026-01-01T00:00:00Z', 'lt': '2026-02-01T00:00:00+01:00'}}}",
                "{'range': {'email': {'gte': 'a'}}}",
                "{'prefix': {'phone': '+49'}}",
                "{'wildcard': {'email': {'wildcard': '*@example.*'}}}",
                "{'wildcard': {'phone': '*'}}",
                "{'bool': {}}",
                "{'bool': {'must_not': {'match_all': {}}}}",
                "{'bool': {'should': [{'wildcard': {'phone': '*1*'}}, {'wildcard': {'email': '*1*'}}],"
                        + " 'minimum_should_match': 1}}",
                "{'bool': {'must': [{'bool': {'filter': [{'bool': {'must': [{'match_all': {}}]}}]}}]}}"
            })
    void takesWhatTheContractNames(String query) {
        assertThat(query(query, PartStyle.GRAMS)).isNotEmpty();
        assertThat(query(query, PartStyle.WILDCARD)).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'regexp': {'phone': '.*'}}|query.regexp",
                "{'script_score': {}}|query.script_score",
                "{'query_string': {'query': '*'}}|query.query_string",
                "{'script': {'script': 'x'}}|query.script",
                "{'match_all': {}, 'match': {}}|query",
                "{'match_all': {'x': 1}}|query.match_all.x",
                "{'wildcard': {'password': '*'}}|query.wildcard.password",
                "{'wildcard': {'phone_grams': '*'}}|query.wildcard.phone_grams",
                "{'wildcard': {'id': '*'}}|query.wildcard.id",
                "{'wildcard': {'phone': '*', 'email': '*'}}|query.wildcard",
                "{'wildcard': {'phone': {'value': '*', 'rewrite': 'x'}}}|query.wildcard.phone.rewrite",
                "{'wildcard': {'phone': ['*']}}|query.wildcard.phone",
                "{'range': {'created_at': {'gte': 'now-1d'}}}|query.range.created_at.gte",
                "{'range': {'name': {'gte': 'a'}}}|query.range.name",
                "{'range': {'created_at': {}}}|query.range.created_at",
                "{'match': {'name': {'query': 'a', 'fuzziness': '9'}}}|query.match.name.fuzziness",
                "{'bool': {'should': 7}}|query.bool.should",
                "{'bool': {'boost': 7}}|query.bool.boost",
                "{'bool': {'minimum_should_match': '100%'}}|query.bool.minimum_should_match",
                "7|query",
                "[]|query"
            })
    void refusesEverythingElseAndSaysWhere(String query, String field) {
        assertThatThrownBy(() -> query(query, PartStyle.GRAMS)).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.problem().status()).isEqualTo(400);
            assertThat(first(e).field()).isEqualTo(field);
            assertThat(first(e).message()).isNotBlank();
        });
    }

    @Test
    void refusesWhatWouldCostTooMuch() {
        String leaf = "{'wildcard': {'phone': '*1*'}}";
        String wide = "{'bool': {'should': [" + (leaf + ",").repeat(40) + leaf + "]}}";
        assertThatThrownBy(() -> query(wide, PartStyle.GRAMS)).hasMessageContaining("not valid");
        String deep = "{'bool': {'must': ".repeat(10) + leaf + "}}".repeat(10);
        assertThatThrownBy(() -> query(deep, PartStyle.GRAMS)).hasMessageContaining("not valid");
        String many = "{'wildcard': {'phone': '" + "*1".repeat(5000) + "'}}";
        assertThatThrownBy(() -> query(many, PartStyle.GRAMS)).hasMessageContaining("not valid");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'size': 1000000}",
                "{'size': 0}",
                "{'size': 1.5}",
                "{'size': '5'}",
                "{'from': 5}",
                "{'after': 5}",
                "{'after': 'x'}",
                "{'aggs': {}}",
                "[]"
            })
    void refusesABodyThatIsNone(String body) {
        assertThatThrownBy(() -> Questions.programmed(USERS, json(body)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().status()).isEqualTo(400));
    }

    @Test
    void aCursorGoesOnWithItsOwnSearchAlone() {
        Question first = Questions.typed(USERS, "ada", null, 10, null);
        String after = new PageCursor(first.fingerprint(), java.util.List.of(1.0, 2L), "s").text();
        assertThat(Questions.typed(USERS, "ada", null, 20, after).after()).isNotNull();
        assertThatThrownBy(() -> Questions.typed(USERS, "bob", null, 10, after)).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> Questions.typed(USERS, "ada", "phone", 10, after))
                .isInstanceOf(ProblemException.class);
    }

    @Test
    void looksInTheFieldsThatAreNamedAndRefusesOthers() {
        String phone = Questions.typed(USERS, "123", "phone", 10, null)
                .query()
                .apply(PartStyle.GRAMS)
                .toString();
        assertThat(phone).contains("phone_grams", "phone_digits_grams").doesNotContain("email", "name");
        assertThatThrownBy(() -> Questions.typed(USERS, "123", "phone,password", 10, null))
                .isInstanceOfSatisfying(ProblemException.class, e -> assertThat(first(e).message())
                        .contains("email, name, phone"));
    }

    @Test
    void countsCharactersAndNotUtf16UnitsAndBoundsWhatLigaturesStandFor() {
        assertThat(Questions.typed(USERS, "😀".repeat(200), null, 10, null).text())
                .isNotNull();
        assertThatThrownBy(() -> Questions.typed(USERS, "😀".repeat(201), null, 10, null))
                .isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> Questions.typed(USERS, "ﷺ".repeat(100), null, 10, null))
                .isInstanceOfSatisfying(ProblemException.class, e -> assertThat(first(e).message())
                        .contains("written out"));
        assertThatThrownBy(() -> query("{'wildcard': {'name': '" + "ﷺ".repeat(100) + "'}}", PartStyle.GRAMS))
                .isInstanceOf(ProblemException.class);
        assertThat(LeafQueries.shown("a" + "😀".repeat(61))).isEqualTo("a" + "😀".repeat(29) + "…");
    }

    @Test
    void spacesAndInvisibleCharactersAskForEverything() {
        assertThat(Questions.typed(USERS, " \u00a0\u200b\u00ad", null, 10, null).everything())
                .isTrue();
        assertThat(Questions.typed(USERS, "\u0301", null, 10, null).everything())
                .isFalse();
    }

    private static String query(String query, PartStyle style) {
        return Questions.programmed(USERS, json("{'query': " + query + "}"))
                .query()
                .apply(style)
                .toString();
    }

    private static Problem.FieldError first(ProblemException e) {
        return Objects.requireNonNull(e.problem().errors()).getFirst();
    }

    private static JsonNode json(String text) {
        try {
            return Json.mapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
