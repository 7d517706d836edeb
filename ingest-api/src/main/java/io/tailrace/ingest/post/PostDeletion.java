package io.tailrace.ingest.post;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.PostDeleted;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.idempotency.Write;
import io.tailrace.ingest.log.Appends;
import io.tailrace.ingest.log.EventSource;
import io.tailrace.ingest.log.OutgoingEvent;
import io.tailrace.ingest.projection.ProjectionWait;
import io.tailrace.ingest.rekey.TopicRekeying;
import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.UUID;

/** Deletes posts: a tombstone in the log, which every copy obeys. Thread-safe; blocks. */
@Singleton
final class PostDeletion {
    /** The name of the projection that fills the tables. */
    private static final String PROJECTION = "posts";

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final Appends log;
    private final PostRows rows;
    private final Database database;
    private final ProjectionWait projection;
    private final TopicRekeying keys;

    PostDeletion(Appends log, PostRows rows, Database database, ProjectionWait projection, TopicRekeying keys) {
        this.log = log;
        this.rows = rows;
        this.database = database;
        this.projection = projection;
        this.keys = keys;
    }

    /**
     * Deletes a post.
     *
     * @throws ProblemException 404 if the author has written none with this id, 503 if it cannot be told now, or the keys of
     *     an older log are still being renewed
     */
    void delete(UUID author, UUID post, Write write) {
        if (!keys.isDone(Topics.POSTS)) {
            throw ProblemException.unavailable("The posts of an older version are being prepared", RETRY_AFTER, null);
        }
        String key = FactKeys.of(author, post);
        if (!database.call(() -> rows.isThere(post, author))) {
            boolean current = projection.catchUp(PROJECTION, Topics.POSTS, FactKeys.partition(key));
            if (database.call(() -> rows.isDeleted(post, author))) {
                return;
            }
            if (!database.call(() -> rows.isThere(post, author))) {
                throw current
                        ? new ProblemException(ProblemType.NOT_FOUND, "You have no post " + post)
                        : ProblemException.unavailable("The copy of the posts is late", RETRY_AFTER, null);
            }
        }
        Event event = new Event(
                write.stamp().id().toString(),
                EventTypes.POST_DELETED,
                EventSource.INGEST_API,
                write.stamp().time(),
                author.toString(),
                Json.write(new PostDeleted(post)));
        var unused = log.appendOne(OutgoingEvent.tombstone(Topics.POSTS, key, event), write.earlier());
    }
}
