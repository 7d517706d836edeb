package io.tailrace.search.drive;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.event.UserRegistered;
import io.tailrace.search.testing.Eventually;
import io.tailrace.search.testing.TestElasticsearch;
import io.tailrace.search.testing.TestService;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** An index of another version of the mapping, as a version before left it. */
class MappingVersionTest {
    private static final TestElasticsearch SERVER = TestElasticsearch.shared();

    private final String prefix = "v" + UUID.randomUUID() + "-";
    private final String old = prefix + "users-4g-6162";

    @Test
    void anIndexOfAnotherVersionIsReplacedByOneThatIsFilledFromTheLogsStart() throws Exception {
        // given
        anOldIndex();

        // when
        try (TestService service = TestService.start(prefix, Map.of())) {
            UserRegistered user = TestService.user("Ёлкин " + prefix, prefix + "@example.org", null);

            // then
            Eventually.holds(
                    "it is found",
                    () -> status(service) == 200
                            && service.found("users", "елкин " + prefix)
                                    .contains(user.id().toString()));
            assertThat(service.found("users", "stale")).isEmpty();
        }
        assertThat(SERVER.request("GET", "/" + old, null).statusCode()).isEqualTo(404);
        assertThat(SERVER.request("GET", "/_alias/" + prefix + "users", null).body())
                .contains(prefix + "users-5g-")
                .doesNotContain(old);
    }

    @Test
    void aSearchOfAnIndexOfAnotherVersionIsRefusedForTheMoment() throws Exception {
        // given
        anOldIndex();

        // when nobody replaces it
        try (TestService service = TestService.start(prefix, Map.of("tailrace.search.indexing", "false"))) {
            HttpResponse<String> answer = service.search("users", "stale");

            // then
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        }
    }

    private void anOldIndex() throws Exception {
        assertThat(SERVER.request(
                                "PUT",
                                "/" + old,
                                "{\"mappings\": {\"properties\": {\"name\": {\"type\": \"text\"}}}, \"aliases\": {\""
                                        + prefix + "users\": {}}}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(SERVER.request("PUT", "/" + old + "/_doc/1?refresh=true", "{\"name\": \"Stale Person\"}")
                        .statusCode())
                .isEqualTo(201);
    }

    private static int status(TestService service) {
        return service.search("users", "a").statusCode();
    }
}
