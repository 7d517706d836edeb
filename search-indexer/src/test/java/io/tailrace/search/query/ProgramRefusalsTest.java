package io.tailrace.search.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.search.testing.TestService;
import io.tailrace.search.testing.TestTokens;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What programs may not ask, and the problem that they are told. */
@Tag("server")
class ProgramRefusalsTest {
    private static TestService service;

    @BeforeAll
    static void start() {
        service = TestService.start();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"query\": {\"regexp\": {\"phone\": \".*.*.*\"}}}",
                "{\"query\": {\"script\": {\"script\": {\"source\": \"while(true){}\"}}}}",
                "{\"query\": {\"query_string\": {\"query\": \"phone:/.*/ OR *\"}}}",
                "{\"query\": {\"bool\": {\"filter\": {\"script\": {\"script\": \"1\"}}}}}",
                "{\"query\": {\"wildcard\": {\"secret\": \"*\"}}}",
                "{\"after\": \"no cursor\"}",
                "{\"runtime_mappings\": {}}",
                "{\"size\": 1000000}",
                "{\"query\": {\"match_all\": {}}, \"aggs\": {}}",
                "{\"query\": ",
                "[[[[]]]]",
                "null",
                "7"
            })
    void refusesBadInputWithAClearProblem(String body) {
        // when
        HttpResponse<String> response = service.post("/search/users", TestTokens.token("support"), body);

        // then
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(response.body()).doesNotContain("Exception", "root_cause");
    }

    @Test
    void refusesWhatIsTooDeepOrTooLong() {
        String deep =
                "{\"query\":" + "{\"bool\":{\"must\":".repeat(2000) + "{\"match_all\":{}}" + "}}".repeat(2000) + "}";
        assertThat(service.post("/search/users", TestTokens.token("support"), deep)
                        .statusCode())
                .isEqualTo(400);
        String tenKilobytes = "{\"query\":{\"wildcard\":{\"phone\":\"" + "*1".repeat(5000) + "\"}}}";
        assertThat(service.post("/search/users", TestTokens.token("support"), tenKilobytes)
                        .statusCode())
                .isEqualTo(400);
        String leading = IntStream.range(0, 30)
                .mapToObj(i -> "{\"wildcard\":{\"email\":\"*" + "?*".repeat(90) + i + "*\"}}")
                .reduce((a, b) -> a + "," + b)
                .orElseThrow();
        assertThat(service.post(
                                "/search/users",
                                TestTokens.token("support"),
                                "{\"query\":{\"bool\":{\"should\":[" + leading + "]}}}")
                        .statusCode())
                .isIn(200, 503);
    }

    @Test
    void knowsNoOtherIndexAndTakesNoOtherParameter() {
        String token = TestTokens.token("admin");
        for (String index : List.of("tailrace-users", "_all", "users,posts", ".kibana")) {
            HttpResponse<String> answer = service.post("/search/" + index, token, "{}");
            assertThat(answer.statusCode()).as(index).isEqualTo(404);
            assertThat(answer.body()).doesNotContain("Exception", "index_not_found");
        }
        assertThat(service.get("/search/users?q=a&after=" + "A".repeat(5000), token)
                        .statusCode())
                .isEqualTo(400);
        assertThat(service.get("/search/users?q=a&fields=phone,password_hash", token)
                        .statusCode())
                .isEqualTo(400);
    }
}
