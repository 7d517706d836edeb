package io.tailrace.workers.forget;

import io.tailrace.kit.job.JobContext;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.JobHandler;
import jakarta.inject.Singleton;
import java.sql.SQLException;

/** Deletes what is of no use any more, in parts, so that no statement is long. Thread-safe; blocks. */
@Singleton
final class ForgetHandler implements JobHandler<ForgetPayload> {
    /** The type of its jobs. */
    static final String TYPE = "forget";

    /** What it cleans up. */
    static final String SESSIONS = "sessions";

    private static final int ROWS = 1_000;

    private final ExpiredSessions sessions;

    ForgetHandler(ExpiredSessions sessions) {
        this.sessions = sessions;
    }

    /** What is kept as the result of a job: how many rows were deleted. */
    record Forgotten(long refreshTokens, long families) {}

    /** One statement. */
    private interface Part {
        int delete(int limit) throws SQLException;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Class<ForgetPayload> payload() {
        return ForgetPayload.class;
    }

    @Override
    public Forgotten run(ForgetPayload payload, JobContext context) throws JobFailure {
        if (!SESSIONS.equals(payload.what())) {
            throw JobFailure.lasting("invalid_payload", "what: expected " + SESSIONS, null);
        }
        try {
            // Families are without tokens only when these are gone.
            long tokens = all(sessions::deleteTokens, context);
            long families = all(sessions::deleteFamilies, context);
            context.log().info("{} refresh tokens and {} ended families are deleted", tokens, families);
            return new Forgotten(tokens, families);
        } catch (SQLException e) {
            throw JobFailure.passing("database_unavailable", "PostgreSQL cannot be asked", e);
        }
    }

    private static long all(Part part, JobContext context) throws SQLException {
        long deleted = 0;
        int rows;
        do {
            rows = part.delete(ROWS);
            deleted += rows;
        } while (rows == ROWS && !context.isStopped());
        return deleted;
    }
}
