package io.tailrace.workers.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import io.tailrace.contracts.job.JobError;
import io.tailrace.kit.job.JobContext;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.JobHandler;
import io.tailrace.kit.job.attempt.Outcome;
import io.tailrace.kit.job.attempt.ReleasedJob;
import io.tailrace.kit.job.runtime.Handlers;
import io.tailrace.kit.job.testing.FakeJob;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HandlersTest {
    private record Failing(JobFailure failure) implements JobHandler<JsonNode> {
        @Override
        public String type() {
            return "a";
        }

        @Override
        public Class<JsonNode> payload() {
            return JsonNode.class;
        }

        @Override
        public Object run(JsonNode payload, JobContext context) throws JobFailure {
            throw failure;
        }
    }

    private static Outcome outcome(JobFailure failure) {
        ReleasedJob job = new ReleasedJob(
                UUID.randomUUID(),
                "default",
                "a",
                1,
                false,
                1,
                5,
                Instant.EPOCH,
                Instant.EPOCH,
                60,
                30_000,
                IntNode.valueOf(1));
        return Handlers.run(new Failing(failure), job, FakeJob.first());
    }

    @Test
    void aFailureCountsAndWhatCouldNotBeTriedIsHandedBackForATime() {
        assertThat(outcome(JobFailure.passingAfter(Duration.ofSeconds(5), "io", "it broke")))
                .isEqualTo(new Outcome.Failed(new JobError("io", "it broke"), false, 5_000));
        assertThat(outcome(JobFailure.lasting("gone", "it is gone", null)))
                .isEqualTo(new Outcome.Failed(new JobError("gone", "it is gone"), true, 0));
        assertThat(outcome(JobFailure.postponed(Duration.ofMinutes(1), "busy", "too much")))
                .isEqualTo(new Outcome.HandedBack(60_000));
    }
}
