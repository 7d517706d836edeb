package io.tailrace.search.drive;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.event.UserRegistered;
import io.tailrace.search.testing.TestElasticsearch;
import io.tailrace.search.testing.TestService;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An index of another version of the mapping, as a version before left it. */
@Tag("server")
class MappingVersionTest {
    private static final TestElasticsearch SERVER = TestElasticsearch.shared();

    private final String prefix = "v" + UUID.randomUUID() + "-";

    @Test
    void anIndexOfAnotherVersionIsReplacedByOneThatIsFilledFromTheLogsStart() throws Exception {
        // given
        String old = anOldIndex("users");

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
        anOldIndex("posts");

        // when nobody replaces it
        try (TestService service = TestService.start(prefix, Map.of("tailrace.search.indexing", "false"))) {
            HttpResponse<String> answer = service.search("posts", "stale");

            // then
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        }
    }

    /** As every index it has the field by which hits are sorted, so that a search of it would be answered. */
    private String anOldIndex(String name) throws Exception {
        String index = prefix + name + "-3g-6162";
        String mapping = "{\"mappings\": {\"properties\": {\"name\": {\"type\": \"text\"}, \"created_at\": {\"type\":"
                + " \"date\"}}}, \"aliases\": {\"" + prefix + name + "\": {}}}";
        assertThat(SERVER.request("PUT", "/" + index, mapping).statusCode()).isEqualTo(200);
        String document = "{\"name\": \"Stale Person\", \"created_at\": \"2026-01-01T00:00:00Z\"}";
        assertThat(SERVER.request("PUT", "/" + index + "/_doc/1?refresh=true", document)
                        .statusCode())
                .isEqualTo(201);
        return index;
    }

    private static int status(TestService service) {
        return service.search("users", "a").statusCode();
    }
}
