package io.tailrace.search.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.backends.Eventually;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.testing.FakeJob;
import io.tailrace.search.testing.TestService;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
@Tag("server")
class ReindexHandlerTest {
    @Test
    void anAttemptThatWasStoppedIsGoneOnWithAndAnotherIndexIsRefused() throws Exception {
        String word = "w" + UUID.randomUUID().toString().replace("-", "");
        try (TestService service =
                TestService.start("t" + UUID.randomUUID() + "-", Map.of("tailrace.search.batch-records", "1"))) {
            for (int i = 0; i < 4; i++) {
                TestService.post(word);
            }
            Eventually.holds(
                    "they are found", () -> service.found("posts", word).size() == 4);
            ReindexHandler handler = service.bean(ReindexHandler.class);
            FakeJob first = FakeJob.stopping(UUID.randomUUID(), 1, 1);

            assertThatThrownBy(() -> handler.run(new ReindexPayload("posts", true), first))
                    .isInstanceOfSatisfying(JobFailure.class, failure -> assertThat(failure.isFinal())
                            .isFalse());
            FakeJob second = FakeJob.of(first.id(), 2);
            Map<String, Object> result = handler.run(new ReindexPayload("posts", true), second);

            assertThat(result).containsEntry("index", "posts");
            assertThat((Long) result.get("records")).isGreaterThanOrEqualTo(4);
            assertThat(second.fraction()).isEqualTo(1.0);
            assertThat(service.found("posts", word)).hasSize(4);
            assertThatThrownBy(() -> handler.run(new ReindexPayload("audit", false), second))
                    .isInstanceOfSatisfying(JobFailure.class, failure -> assertThat(failure.isFinal())
                            .isTrue())
                    .hasMessage("index \"audit\", expected users, posts, shows");
        }
    }
}
