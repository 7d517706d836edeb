package io.tailrace.workers.forget;

import io.tailrace.kit.job.JobContext;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.JobHandler;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.SQLException;
import org.apache.kafka.common.KafkaException;

/** Deletes what is of no use any more, in parts, so that no statement is long. Thread-safe; blocks. */
@Singleton
final class ForgetHandler implements JobHandler<ForgetPayload> {
    /** The type of its jobs. */
    static final String TYPE = "forget";

    /** What it cleans up. */
    static final String SESSIONS = "sessions";

    /** What else: files that nobody sees. */
    static final String UPLOADS = "uploads";

    private static final int ROWS = 1_000;

    private final ExpiredSessions sessions;
    private final ForgottenFiles files;

    ForgetHandler(ExpiredSessions sessions, ForgottenFiles files) {
        this.sessions = sessions;
        this.files = files;
    }

    /** What is kept as the result of a job: how many rows and files were deleted. */
    record Forgotten(long refreshTokens, long families, long files) {}

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
        return switch (payload.what()) {
            case SESSIONS -> forgetSessions(context);
            case UPLOADS -> forgetUploads(context);
            default -> throw JobFailure.lasting("invalid_payload", "what: expected sessions or uploads", null);
        };
    }

    private Forgotten forgetSessions(JobContext context) throws JobFailure {
        try {
            // Families are without tokens only when these are gone.
            long tokens = all(sessions::deleteTokens, context);
            long families = all(sessions::deleteFamilies, context);
            context.log().info("{} refresh tokens and {} ended families are deleted", tokens, families);
            return new Forgotten(tokens, families, 0);
        } catch (SQLException e) {
            throw JobFailure.passing("database_unavailable", "PostgreSQL cannot be asked", e);
        }
    }

    private Forgotten forgetUploads(JobContext context) throws JobFailure {
        if (!files.hasStore()) {
            context.log()
                    .warn("this process has no folder of files (TAILRACE_FILES_FOLDER), and nothing is cleaned up");
        }
        try {
            long deleted = files.delete(context::isStopped);
            context.log().info("{} files are deleted that nobody sees", deleted);
            return new Forgotten(0, 0, deleted);
        } catch (SQLException e) {
            throw JobFailure.passing("database_unavailable", "PostgreSQL cannot be asked", e);
        } catch (IOException e) {
            throw JobFailure.passing("files_unavailable", "The store of files is away", e);
        } catch (KafkaException e) {
            throw JobFailure.passing("log_unavailable", "The log cannot be read, or has nothing about uploads", e);
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
