package io.tailrace.ingest.show;

import io.tailrace.contracts.channel.KeyPartition;
import io.tailrace.contracts.seat.Show;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.projection.ProjectionWait;
import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.cache.FactCache;
import io.tailrace.kit.cache.FactCaches;
import io.tailrace.kit.cache.Loaded;
import io.tailrace.kit.cache.Version;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which shows there are. A show never changes, so those made or found here are remembered; for the others the projection
 * is asked, again once it has passed the log's end as of the question. Thread-safe; blocks when it must ask.
 */
@Singleton
public class Shows {
    private static final String PROJECTION = "shows";
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private static final UUID NEWEST = new UUID(-1, -1);

    private final ShowRows rows;
    private final Database database;
    private final ProjectionWait projection;
    private final FactCache<Show> known;

    /**
     * Shows as they were read.
     *
     * @param fresh whether these are all that were in the log when they were asked for
     */
    record Found(List<ShowRow> rows, boolean fresh) {}

    Shows(ShowRows rows, Database database, ProjectionWait projection, FactCaches caches, ShowSettings settings) {
        this.rows = rows;
        this.database = database;
        this.projection = projection;
        this.known = caches.unchanging("shows", Topics.SHOWS, Show.class, settings.knownShows());
    }

    /** Remembers a show that is in the log. */
    void remember(Show show) {
        known.made(show.id().toString(), show);
    }

    /** A show, if it is remembered. Asks nobody. */
    public Optional<Show> remembered(UUID id) {
        return known.present(id.toString());
    }

    /**
     * The show with this id.
     *
     * @throws ProblemException 404 if there is none, 503 if that could not be found out in time
     */
    public Show get(UUID id) {
        return known.get(id.toString(), () -> load(id))
                .orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND, "There is no show with the id " + id));
    }

    /**
     * A page of the shows.
     *
     * @param before the last show of the page before, or null for the first page
     * @throws ProblemException 503 if PostgreSQL is away
     */
    Found newest(@Nullable UUID before, int limit) {
        // What is older than a page that was shown was there when that was shown.
        boolean fresh = before != null || projection.catchUpAll(PROJECTION, Topics.SHOWS, Topics.FACT_PARTITIONS);
        UUID from = before == null ? NEWEST : before;
        return new Found(database.call(() -> rows.newest(from, limit)), fresh);
    }

    private Optional<Loaded<Show>> load(UUID id) {
        int partition = KeyPartition.of(id.toString().getBytes(StandardCharsets.UTF_8), Topics.FACT_PARTITIONS);
        Optional<Loaded<Show>> found = find(id, partition);
        if (found.isEmpty()) {
            boolean caughtUp = projection.catchUp(PROJECTION, Topics.SHOWS, partition);
            found = find(id, partition);
            if (found.isEmpty() && !caughtUp) {
                throw ProblemException.unavailable("The copy of the shows lags behind the log", RETRY_AFTER, null);
            }
        }
        return found;
    }

    private Optional<Loaded<Show>> find(UUID id, int partition) {
        // Before the row, which is then at least as new.
        Version version = projection.version(PROJECTION, Topics.SHOWS, partition);
        return database.call(() -> rows.findById(id)).map(row -> new Loaded<>(row.show(), version));
    }
}
