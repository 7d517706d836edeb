package io.tailrace.workers.erasure;

import io.tailrace.kit.job.JobContext;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.JobHandler;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/**
 * The type {@code erase}: what {@code ./tailrace erase} does, by the same function of PostgreSQL. The job succeeds when every copy has
 * obeyed; what the log then forgets takes days, and no job waits for it. The erasure goes on whatever becomes of the job: cancelling the
 * job does not take the erasure back. An attempt that runs again finds the erasure of the one before. Thread-safe.
 */
@Singleton
final class EraseHandler implements JobHandler<ErasePayload> {
    private static final Duration LOOK = Duration.ofMillis(500);

    private final ErasureTable erasures;

    EraseHandler(ErasureTable erasures) {
        this.erasures = erasures;
    }

    @Override
    public String type() {
        return "erase";
    }

    @Override
    public Class<ErasePayload> payload() {
        return ErasePayload.class;
    }

    @Override
    public Map<String, Object> run(ErasePayload payload, JobContext context)
            throws JobFailure, InterruptedException, SQLException {
        // The job's id is the erasure's, so that one that is done is not begun anew by an attempt that runs again.
        UUID erasure = erasures.request(payload.userId(), context.id());
        context.log().info("erasure {}", erasure);
        String state = erasures.state(erasure);
        while (!state.equals(ErasureTable.COMPACTING) && !state.equals(ErasureTable.DONE)) {
            if (context.isStopped()) {
                throw JobFailure.passing("stopped", "stopped while the erasure " + erasure + " goes on", null);
            }
            context.progress(null, "the copies are yet to obey");
            Thread.sleep(LOOK);
            state = erasures.state(erasure);
        }
        return Map.of("erasure_id", erasure, "state", state);
    }
}
