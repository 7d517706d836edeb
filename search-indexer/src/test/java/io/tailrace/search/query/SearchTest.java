package io.tailrace.search.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.backends.Eventually;
import io.tailrace.contracts.event.PostPublished;
import io.tailrace.contracts.event.UserRegistered;
import io.tailrace.search.testing.TestService;
import io.tailrace.search.testing.TestTokens;
import java.net.http.HttpResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class SearchTest {
    private static TestService service;
    private static UserRegistered ada;
    private static PostPublished older;
    private static PostPublished newer;

    @BeforeAll
    static void start() {
        service = TestService.start();
        ada = TestService.user("Adalind Lovelace", "Adalind.Lovelace@Analytical.example", "+44 20 7373 6688");
        TestService.user("Grace Hopper", "grace@navy.example", null);
        older = TestService.post("Streams resume where they stopped");
        newer = TestService.post("100% of *all* streams? c:\\log");
        Eventually.holds(
                "all is indexed",
                () -> service.found("users", "").size() >= 2
                        && service.found("posts", "")
                                .containsAll(List.of(
                                        older.id().toString(), newer.id().toString())));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7373 66",
                "ANALYTICAL",
                "lovelace@ana",
                "adalind",
                "Lovelace Adal",
                "d lovel",
                "  Adalind  ",
                "adalind.lovelace@analytical.example"
            })
    void findsAPersonByPartOfPhoneEmailAndName(String q) {
        assertThat(service.found("users", q)).containsExactly(ada.id().toString());
    }

    @ParameterizedTest
    @CsvSource({
        "resume, older",
        "RESUM, older",
        "where they stop, older",
        "ms res, older",
        "*all*, newer",
        "c:\\, newer",
        "?, newer"
    })
    void findsAPostByWordsAndByPartsLiterally(String q, String which) {
        PostPublished expected = which.equals("older") ? older : newer;
        assertThat(service.found("posts", q)).containsExactly(expected.id().toString());
    }

    @Test
    void answersWithTheDocumentAndTheNumberOfMatches() {
        // when
        JsonNode answer = TestService.json(service.search("users", "lovelace"));

        // then
        assertThat(answer.get("total").intValue()).isEqualTo(1);
        assertThat(answer.get("total_is_exact").booleanValue()).isTrue();
        JsonNode document = answer.get("hits").get(0).get("document");
        assertThat(document.get("email").textValue()).isEqualTo("Adalind.Lovelace@Analytical.example");
        assertThat(document.get("created_at").textValue()).isEqualTo("2026-01-02T03:04:05.678Z");
    }

    @Test
    void givesTheNewestFirstWithoutAQueryAndNoMoreThanAsked() {
        // when
        HttpResponse<String> response = service.get("/search/posts?limit=1", TestTokens.token());

        // then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(TestService.json(response).get("hits")).hasSize(1);
        assertThat(TestService.json(response).get("total").intValue()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void findsNothingQuietly() {
        assertThat(service.found("posts", "zzzzzz")).isEmpty();
    }

    @Test
    void letsOnlySupportAndAdminsSearchUsers() {
        assertThat(status("/search/users?q=ada", null)).isEqualTo(401);
        assertThat(status("/search/users?q=ada", TestTokens.token())).isEqualTo(403);
        assertThat(status("/search/users?q=ada", TestTokens.token("organizer"))).isEqualTo(403);
        assertThat(status("/search/users?q=ada", TestTokens.token("admin"))).isEqualTo(200);
    }

    @Test
    void letsEverybodyWhoIsSignedInSearchPosts() {
        assertThat(status("/search/posts?q=streams", null)).isEqualTo(401);
        assertThat(status("/search/posts?q=streams", TestTokens.token())).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"showz", "_all", "*", "users,posts", "tailrace-users", "..", "%2e%2e"})
    void knowsNoOtherIndex(String index) {
        assertThat(status("/search/" + index + "?q=a", TestTokens.token("admin")))
                .isIn(404, 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=-1", "limit=101", "limit=1000000", "limit=many"})
    void refusesALimitThatIsNone(String limit) {
        // when
        HttpResponse<String> response = service.get("/search/posts?" + limit, TestTokens.token());

        // then
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(TestService.json(response).get("errors").get(0).get("field").textValue())
                .isEqualTo("limit");
    }

    @Test
    void refusesALongQueryAndTakesTheLongestWhateverItHolds() {
        assertThat(status("/search/posts?q=" + "a".repeat(201), TestTokens.token()))
                .isEqualTo(400);
        assertThat(status("/search/posts?q=" + "a".repeat(10_000), TestTokens.token()))
                .isEqualTo(400);
        assertThat(service.search("posts", "*?\\".repeat(66)).statusCode()).isEqualTo(200);
        assertThat(service.search("posts", "a ".repeat(100).strip()).statusCode())
                .isEqualTo(200);
        assertThat(service.search("posts", "\u0000\r\n\"{}\ud83c\udf0d").statusCode())
                .isIn(200, 400);
    }

    private static int status(String path, @Nullable String token) {
        return service.get(path, token).statusCode();
    }
}
