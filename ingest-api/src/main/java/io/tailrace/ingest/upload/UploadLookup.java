package io.tailrace.ingest.upload;

import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.projection.ProjectionWait;
import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the copy of the facts about uploads, as new as what its reader has written. Those of others are not there. Thread-safe; blocks. */
@Singleton
final class UploadLookup {
    /** The name of the projection that fills the table. */
    private static final String PROJECTION = "uploads";

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final UUID NEWEST = new UUID(-1, -1);

    private final UploadTable table;
    private final Database database;
    private final ProjectionWait projection;

    UploadLookup(UploadTable table, Database database, ProjectionWait projection) {
        this.table = table;
        this.database = database;
        this.projection = projection;
    }

    /**
     * What was read.
     *
     * @param fresh whether it has what was in the log when it was asked for
     */
    record Found<T>(T value, boolean fresh) {}

    /** One of somebody's. */
    Found<Optional<UploadRow>> find(UUID id, UUID owner) {
        boolean fresh = catchUp(owner);
        return new Found<>(database.call(() -> table.find(id, owner)), fresh);
    }

    /**
     * One of somebody's.
     *
     * @throws ProblemException 404 if the owner has none with this id, 503 if it cannot be told now
     */
    UploadRow mustFind(UUID id, UUID owner) {
        Found<Optional<UploadRow>> found = find(id, owner);
        return found.value()
                .orElseThrow(() -> found.fresh()
                        ? new ProblemException(ProblemType.NOT_FOUND, "You have no upload " + id)
                        : late());
    }

    /** The answer while it cannot be told whether there is an upload. */
    static ProblemException late() {
        return ProblemException.unavailable("The copy of the uploads is late", RETRY_AFTER, null);
    }

    /** One of somebody's with a content, as far as it is copied: a second copy of a content does no harm. */
    Optional<UploadRow> withContent(UUID owner, String sha256) {
        return database.call(() -> table.findByContent(owner, sha256));
    }

    /** Somebody's newest before one, or the newest of all. */
    Found<List<UploadRow>> newest(UUID owner, @Nullable UUID before, int limit) {
        boolean fresh = catchUp(owner);
        List<UploadRow> rows = database.call(() -> table.newest(owner, before == null ? NEWEST : before, limit));
        return new Found<>(rows, fresh);
    }

    private boolean catchUp(UUID owner) {
        return projection.catchUp(PROJECTION, Topics.UPLOADS, FactKeys.partition(owner.toString()));
    }
}
