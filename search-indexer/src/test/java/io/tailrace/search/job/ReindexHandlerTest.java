package io.tailrace.search.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.backends.Eventually;
import io.tailrace.kit.job.JobContext;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.search.testing.TestService;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@Timeout(300)
@Tag("server")
class ReindexHandlerTest {
    /** An attempt that nobody has released; it is stopped when it has said how far it is, if the test wants that. */
    private record Try(int attempt, boolean stops, AtomicReference<Double> told) implements JobContext {
        Try(int attempt, boolean stops) {
            this(attempt, stops, new AtomicReference<>());
        }

        @Override
        public UUID id() {
            return new UUID(1, 1);
        }

        @Override
        public String queue() {
            return "indexes";
        }

        @Override
        public boolean isLastAttempt() {
            return false;
        }

        @Override
        public long token() {
            return attempt;
        }

        @Override
        public Instant deadline() {
            return Instant.MAX;
        }

        @Override
        public boolean isStopped() {
            return stops && told.get() != null;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void progress(@Nullable Double fraction, @Nullable String message) {
            if (fraction != null) {
                told.set(fraction);
            }
        }

        @Override
        public Logger log() {
            return LoggerFactory.getLogger(ReindexHandlerTest.class);
        }

        @Override
        public UUID enqueue(String name, String type, Object payload) {
            throw new UnsupportedOperationException("no child jobs");
        }
    }

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
            Try first = new Try(1, true);

            assertThatThrownBy(() -> handler.run(new ReindexPayload("posts", true), first))
                    .isInstanceOfSatisfying(JobFailure.class, failure -> assertThat(failure.isFinal())
                            .isFalse());
            Try second = new Try(2, false);
            Map<String, Object> result = handler.run(new ReindexPayload("posts", true), second);

            assertThat(result).containsEntry("index", "posts");
            assertThat((Long) result.get("records")).isGreaterThanOrEqualTo(4);
            assertThat(second.told().get()).isEqualTo(1.0);
            assertThat(service.found("posts", word)).hasSize(4);
            assertThatThrownBy(() -> handler.run(new ReindexPayload("audit", false), second))
                    .isInstanceOfSatisfying(JobFailure.class, failure -> assertThat(failure.isFinal())
                            .isTrue())
                    .hasMessage("index \"audit\", expected users, posts, shows");
        }
    }
}
