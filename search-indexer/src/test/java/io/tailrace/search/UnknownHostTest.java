package io.tailrace.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.backends.LateName;
import io.tailrace.contracts.event.PostPublished;
import io.tailrace.search.testing.TestBroker;
import io.tailrace.search.testing.TestService;
import io.tailrace.search.testing.TestTokens;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An indexer whose brokers' names do not resolve, at its start and for a while. */
@Timeout(300)
@Tag("server")
class UnknownHostTest {
    @Test
    void startsSaysWhatIsMissingAndIndexesWhenTheNameResolves() {
        // given
        LateName name = new LateName();
        Map<String, Object> settings = Map.of(
                "tailrace.kafka.bootstrap",
                name.of(TestBroker.shared().settings().bootstrap()));
        try (TestService service = TestService.start("t" + UUID.randomUUID() + "-", settings)) {
            // then
            Eventually.holds("health says what is missing", () -> health(service)
                    .matches("(?s).*\"index-start\":\\{[^}]*No resolvable bootstrap.*"));
            assertThat(service.get("/health/readiness", null).statusCode()).isEqualTo(200);

            // when
            name.appear();
            String word = "w" + UUID.randomUUID().toString().replace("-", "");
            PostPublished post = TestService.post(word);

            // then
            Eventually.holds("it is found", () -> service.search("posts", word)
                    .body()
                    .contains(post.id().toString()));
            Eventually.holds("it is well again", () -> !health(service).contains("retrying"));
        }
    }

    private static String health(TestService service) {
        return service.get("/health", TestTokens.token("admin")).body();
    }
}
