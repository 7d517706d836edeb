package io.tailrace.workers.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.workers.testing.Handler;
import io.tailrace.workers.testing.TestDispatcher;
import io.tailrace.workers.testing.TestJobs;
import io.tailrace.workers.testing.TestWorkers;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Groups of workers, with the dispatcher's decisions and a real broker. */
@Timeout(300)
@Tag("server")
class WorkersGroupsTest {
    private final TestWorkers workers = new TestWorkers();
    private final TestJobs jobs = new TestJobs();

    @BeforeEach
    void dispatcher() {
        var unused = TestDispatcher.shared();
    }

    @AfterEach
    void stop() {
        workers.close();
        jobs.close();
    }

    @Test
    void aProcessThatIsInTwoGroupsRunsTheTypesOfBoth() {
        workers.type("one", "both-one").type("two", "both-two");
        workers.startIn(
                List.of("both-one", "both-two"),
                Handler.of("one", JsonNode.class, (payload, context) -> "of one"),
                Handler.of("two", JsonNode.class, (payload, context) -> "of two"));

        UUID one = jobs.enqueue(TestJobs.spec("one", 1, 60), null);
        UUID two = jobs.enqueue(TestJobs.spec("two", 1, 60), null);

        assertThat(jobs.await(one, JobEvents.JOB_SUCCEEDED).result()).isEqualTo("of one");
        assertThat(jobs.await(two, JobEvents.JOB_SUCCEEDED).result()).isEqualTo("of two");
    }
}
