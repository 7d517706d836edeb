package io.tailrace.search.drive;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.event.UserRegistered;
import io.tailrace.search.document.UserIndex;
import io.tailrace.search.testing.TestElasticsearch;
import io.tailrace.search.testing.TestService;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class ComparisonTest {
    private static final TestElasticsearch ELASTICSEARCH = TestElasticsearch.shared();

    @Test
    void findsNothingInAnIndexThatFollowsTheLog() throws Exception {
        try (TestService service = TestService.start()) {
            // given
            UserRegistered erased = TestService.user("Gone", "gone@example.org", null);
            TestService.user("Ada", "ada@example.org", "+44 20");
            TestService.erase(erased.id());

            // then
            Comparison comparison = service.bean(Comparison.class);
            Eventually.holds(
                    "the index equals the log",
                    () -> comparison.compare(new UserIndex()).differences() == 0);
            assertThat(comparison.compare(new UserIndex()).documents()).isPositive();
        }
    }

    @Test
    void findsWhatIsMissingWhatIsTooMuchAndWhatDiffers() throws Exception {
        try (TestService service = TestService.start()) {
            // given
            UserRegistered lost = TestService.user("Lost", "lost@example.org", null);
            UserRegistered changed = TestService.user("Changed", "changed@example.org", null);
            Comparison comparison = service.bean(Comparison.class);
            Eventually.holds(
                    "the index equals the log",
                    () -> comparison.compare(new UserIndex()).differences() == 0);

            // when somebody works on the index by hand
            String path = "/" + service.prefix() + "users/_doc/";
            UUID made = UUID.randomUUID();
            String document =
                    "{\"id\": \"%s\", \"name\": \"X\", \"email\": \"x\", \"created_at\": \"2026-01-01T00:00:00Z\"}";
            String version = TestService.json(ELASTICSEARCH.request("GET", path + changed.id(), null))
                    .get("_version")
                    .asText();
            ELASTICSEARCH.request("DELETE", path + lost.id(), null);
            ELASTICSEARCH.request(
                    "PUT",
                    path + changed.id() + "?version_type=external_gte&version=" + version,
                    document.formatted(changed.id()));
            ELASTICSEARCH.request("PUT", path + made + "?version=1&version_type=external", document.formatted(made));

            // then
            Comparison.Result result = comparison.compare(new UserIndex());
            assertThat(result.differences()).isEqualTo(3);
            assertThat(result.shown())
                    .anyMatch(line -> line.startsWith(lost.id() + ": is in the log"))
                    .anyMatch(line -> line.startsWith(changed.id() + ": differs"))
                    .anyMatch(line -> line.startsWith(made + ": is in the index"));
        }
    }
}
