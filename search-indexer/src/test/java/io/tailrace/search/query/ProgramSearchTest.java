package io.tailrace.search.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.backends.Eventually;
import io.tailrace.contracts.event.UserRegistered;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.search.testing.TestBroker;
import io.tailrace.search.testing.TestElasticsearch;
import io.tailrace.search.testing.TestService;
import io.tailrace.search.testing.TestTokens;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class ProgramSearchTest {
    private static final String DOMAIN = "d" + UUID.randomUUID().toString().substring(0, 8) + ".example";
    private static final List<UserRegistered> PEOPLE = new ArrayList<>();
    private static final List<String> PHONES =
            List.of("+49 191 954 00", "+4919195400", "0019195411", "+1 555", "1919540000000");

    /** Letters alone, none of them a capital. */
    private static final String SMALL = "q" + letters() + "@small.example";

    private static UserRegistered small;
    private static TestService service;

    @BeforeAll
    static void start() {
        service = TestService.start();
        for (int i = 0; i < 5; i++) {
            PEOPLE.add(TestService.user("Person Number" + i, "P" + i + "@" + DOMAIN, PHONES.get(i)));
        }
        small = TestService.user("Somebody Small", SMALL, null);
        Eventually.holds(
                "all is indexed",
                () -> service.found("users", DOMAIN).size() == 5
                        && service.found("users", SMALL).size() == 1
                        // The index of posts has its alias a moment after it was created.
                        && service.search("posts", "a").statusCode() == 200);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void findsEverything() {
        assertThat(found("{\"query\": {\"match_all\": {}}, \"size\": 100}")).containsAll(ids(0, 1, 2, 3, 4));
        assertThat(found("{}")).containsAll(ids(0, 1, 2, 3, 4));
    }

    @Test
    void findsAPartOfAPhoneNumberAsItIsWritten() {
        assertThat(within("{\"wildcard\": {\"phone\": \"*191954*\"}}")).isEqualTo(ids(1, 2, 4));
        assertThat(within("{\"wildcard\": {\"phone\": {\"value\": \"*191954*\"}}}"))
                .isEqualTo(ids(1, 2, 4));
        assertThat(within("{\"wildcard\": {\"phone_digits\": \"*191954*\"}}")).isEqualTo(ids(0, 1, 2, 4));
        assertThat(within("{\"wildcard\": {\"phone\": \"+4?191*00\"}}")).isEqualTo(ids(1));
        assertThat(within("{\"wildcard\": {\"phone\": \"*5*5*5*\"}}")).isEqualTo(ids(3));
        assertThat(within("{\"wildcard\": {\"phone\": \"*9*4*1\"}}")).isEqualTo(ids(2));
        assertThat(within("{\"wildcard\": {\"phone\": \"*95*\"}}")).isEqualTo(ids(0, 1, 2, 4));
    }

    @Test
    void findsAPartOfOneFieldOrAnother() {
        assertThat(within("{\"bool\": {\"should\": [{\"wildcard\": {\"phone\": \"*955*\"}}, {\"wildcard\": {\"phone\":"
                        + " \"*5411\"}}, {\"wildcard\": {\"email\": \"P3@*\"}}]}}"))
                .isEqualTo(ids(2, 3));
    }

    @Test
    void knowsUpperFromLowerCaseUnlessToldNotTo() {
        assertThat(within("{\"wildcard\": {\"email\": \"*p1@*\"}}")).isEmpty();
        assertThat(within("{\"wildcard\": {\"email\": \"*P1@*\"}}")).isEqualTo(ids(1));
        assertThat(within("{\"wildcard\": {\"email\": \"*" + DOMAIN + "*\"}}")).isEqualTo(ids(0, 1, 2, 3, 4));
        assertThat(within("{\"wildcard\": {\"email\": {\"value\": \"*p1@*\", \"case_insensitive\": true}}}"))
                .isEqualTo(ids(1));
        assertThat(found("{\"query\": {\"wildcard\": {\"email\": \"*" + SMALL.substring(1, 9) + "*\"}}}"))
                .containsExactly(small.id().toString());
        assertThat(found("{\"query\": {\"wildcard\": {\"email\": \"*"
                        + SMALL.substring(1, 9).toUpperCase(Locale.ROOT) + "*\"}}}"))
                .isEmpty();
        assertThat(within("{\"term\": {\"email\": \"P1@" + DOMAIN + "\"}}")).isEqualTo(ids(1));
        assertThat(within("{\"prefix\": {\"email\": \"P1\"}}")).isEqualTo(ids(1));
        assertThat(within("{\"range\": {\"email\": {\"gte\": \"P3\"}}}")).isEqualTo(ids(3, 4));
        assertThat(within("{\"match\": {\"name\": {\"query\": \"nunber4\", \"fuzziness\": \"AUTO\"}}}"))
                .contains(ids(4).getFirst());
    }

    @Test
    void toleratesATypingErrorInANameAndMarksWhatItTookItFor() {
        // when
        JsonNode hits = TestService.json(service.search("users", "persom " + DOMAIN.substring(0, 9)))
                .get("hits");

        // then
        assertThat(hits).hasSize(5);
        assertThat(hits.get(0).at("/highlights/name/0").textValue()).contains("<em>Person</em>");
        assertThat(hits.get(0).at("/highlights/email/0").textValue())
                .contains("<em>" + DOMAIN.substring(0, 9) + "</em>");
    }

    @Test
    void turnsPagesThatFitTogetherWhileOthersWrite() {
        // given
        String path = "/search/users?q=" + DOMAIN + "&limit=2";
        JsonNode first = TestService.json(service.get(path, TestTokens.token("support")));
        TestService.user("Person Number9", "P9@" + DOMAIN, null);
        Eventually.holds(
                "the sixth is found", () -> service.found("users", DOMAIN).size() == 6);

        // when
        JsonNode second = TestService.json(service.get(after(path, first), TestTokens.token("support")));
        JsonNode third = TestService.json(service.get(after(path, second), TestTokens.token("support")));

        // then
        assertThat(third.get("next").isNull()).isTrue();
        List<String> seen = new ArrayList<>();
        List.of(first, second, third).forEach(page -> page.get("hits")
                .forEach(hit -> seen.add(hit.get("id").textValue())));
        assertThat(seen).containsExactlyInAnyOrderElementsOf(ids(0, 1, 2, 3, 4));
        assertThat(first.get("total").intValue()).isEqualTo(5);
        removeTheSixth();
    }

    @Test
    void answers410WhenTheSnapshotOfAPageIsGone() throws Exception {
        // given
        String path = "/search/users?q=" + DOMAIN + "&limit=2";
        JsonNode first = TestService.json(service.get(path, TestTokens.token("support")));
        assertThat(TestElasticsearch.shared()
                        .request("DELETE", "/_pit", snapshotOf(first))
                        .statusCode())
                .isEqualTo(200);

        // when
        HttpResponse<String> gone = service.get(after(path, first), TestTokens.token("support"));

        // then
        assertThat(gone.statusCode()).as(gone.body()).isEqualTo(410);
        assertThat(TestService.json(gone).get("type").textValue()).endsWith("/cursor-expired");
        assertThat(gone.body()).doesNotContainIgnoringCase("elastic").doesNotContain("search_context");
    }

    @Test
    void takesACursorOfAnotherIndexForNone() {
        // given
        JsonNode first =
                TestService.json(service.get("/search/users?q=" + DOMAIN + "&limit=2", TestTokens.token("support")));
        PageCursor stolen = PageCursor.parse(first.get("next").textValue()).orElseThrow();
        Question question = Questions.typed(new io.tailrace.search.document.PostIndex(), "a", null, 2, null);
        String forged = new PageCursor(
                        question.fingerprint(), List.of(Double.MAX_VALUE, Long.MAX_VALUE, 0L), stolen.snapshot())
                .text();

        // when
        HttpResponse<String> answer = service.get("/search/posts?q=a&limit=2&after=" + forged, TestTokens.token());

        // then
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 400, 410);
        assertThat(answer.body()).doesNotContain(DOMAIN);
    }

    @Test
    void writesDownWhoSearchedPeopleForWhatAndNobodyElse() {
        // given
        String marker = "audited" + UUID.randomUUID().toString().substring(0, 8);

        // when
        service.search("users", marker);
        service.post(
                "/search/users", TestTokens.token("admin"), "{\"query\": {\"term\": {\"email\": \"" + marker + "\"}}}");
        service.search("posts", marker);
        service.get("/search/users?q=" + marker, TestTokens.token());

        // then
        List<String> audits = audits(marker);
        assertThat(audits).hasSize(2);
        assertThat(audits.getFirst())
                .contains("\"actor\":\"somebody\"", "\"roles\":[\"support\"]", "\"index\":\"users\"");
        assertThat(audits.getLast()).contains("\"roles\":[\"admin\"]", "term");
    }

    @Test
    void givesNoMoreThanWhatWasWritten() {
        // when
        JsonNode document =
                TestService.json(service.search("users", "P3@" + DOMAIN)).at("/hits/0/document");

        // then
        assertThat(document.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("id", "email", "name", "phone", "created_at");
    }

    /** The ids of the people of this test whom a query finds, in the order in which they were made. */
    private static List<String> within(String query) {
        List<String> found = found("{\"size\": 100, \"query\": {\"bool\": {\"filter\": [" + query
                + ", {\"wildcard\": {\"email\": \"*@" + DOMAIN + "\"}}]}}}");
        return PEOPLE.stream()
                .map(each -> each.id().toString())
                .filter(found::contains)
                .toList();
    }

    private static List<String> found(String body) {
        HttpResponse<String> response = service.post("/search/users", TestTokens.token("support"), body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        List<String> ids = new ArrayList<>();
        TestService.json(response)
                .get("hits")
                .forEach(hit -> ids.add(hit.get("id").textValue()));
        return ids;
    }

    private static List<String> ids(Integer... which) {
        return List.of(which).stream().map(i -> PEOPLE.get(i).id().toString()).toList();
    }

    private static String letters() {
        return new Random().ints(12, 'a', 'z' + 1).mapToObj(Character::toString).collect(Collectors.joining());
    }

    private static String after(String path, JsonNode page) {
        return path + "&after=" + page.get("next").textValue();
    }

    private static String snapshotOf(JsonNode page) {
        return "{\"id\": \""
                + PageCursor.parse(page.get("next").textValue()).orElseThrow().snapshot() + "\"}";
    }

    private static void removeTheSixth() {
        String sixth = service.found("users", "P9@" + DOMAIN).getFirst();
        TestService.erase(UUID.fromString(sixth));
        Eventually.holds(
                "there are five again", () -> service.found("users", DOMAIN).size() == 5);
    }

    private static List<String> audits(String marker) {
        return IntStream.range(0, Topics.FACT_PARTITIONS)
                .boxed()
                .flatMap(partition -> TestBroker.shared().records(Topics.AUDIT, partition).stream())
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .filter(audit -> audit.contains(marker))
                .toList();
    }
}
