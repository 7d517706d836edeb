package io.tailrace.ingest.erasure;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The table of erasures, and the rows of the person in all others. All times are the database's. */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface ErasureRows extends GenericRepository<Erasure, UUID> {
    /**
     * Asks for an erasure, and takes the account with its sessions and what is stored of its requests.
     *
     * @param id of the erasure, unless the person has one already
     * @return the id of the person's erasure
     */
    @Query("select request_erasure(:userId, :id)")
    UUID request(UUID userId, UUID id);

    /** The erasure with this id. */
    Optional<Erasure> findById(UUID id);

    /** The erasure of a person that is not done. */
    Optional<Erasure> findByUserId(UUID userId);

    /** Those that are due, the oldest first; each may be in somebody's hand. */
    @Query("select id, user_id, state, step, requested_at, finished_at, channel_ends from erasures where state <>"
            + " 'done' and due_at <= now() order by due_at limit :most")
    List<Erasure> due(int most);

    /** One of them, if it is due now. */
    @Query("select id, user_id, state, step, requested_at, finished_at, channel_ends from erasures where id = :id"
            + " and state <> 'done' and due_at <= now()")
    Optional<Erasure> findDue(UUID id);

    /** What comes next, and not before when; nothing if somebody else has moved it on. */
    @Query("update erasures set step = :step, state = :state, due_at = now() + :waitMs * interval '1 millisecond'"
            + " where id = :id and step = :from and state <> 'done'")
    int next(UUID id, int from, int step, String state, long waitMs);

    /** What the person of an erasure that is not done is told by, as {@link PersonTexts#inJson} writes it. */
    @Query("select texts from erasures where user_id = :userId and texts is not null")
    Optional<String> texts(UUID userId);

    /** Keeps what a person is told by until their erasure is done; nothing if there is none. */
    @Query("update erasures set texts = :texts where user_id = :userId and state <> 'done'")
    int remember(UUID userId, String texts);

    /** What comes next when the topics have no longer what they have before these ends. */
    @Query("update erasures set step = :step, channel_ends = :ends, due_at = now() + :waitMs * interval '1 millisecond'"
            + " where id = :id and step = :from and state <> 'done'")
    int expire(UUID id, int from, int step, String ends, long waitMs);

    /** Nothing is left to do; the person is no longer known here. */
    @Query("update erasures set state = 'done', user_id = null, texts = null, finished_at = now() where id = :id and"
            + " state <> 'done'")
    int done(UUID id);

    /** Forgets erasures that were done that long ago. */
    @Query("delete from erasures where state = 'done' and finished_at < now() - :ageMs * interval '1 millisecond'")
    int sweep(long ageMs);

    /** The answers to the person's requests. */
    @Query("delete from idempotency_keys where subject = 'subject:' || :userId")
    int deleteAnswers(String userId);

    /** Whether events of the person are on their way to the log. */
    @Query("select exists (select from outbox where record_key = :key)")
    boolean isInOutbox(String key);

    /** The person's feed, and what they wrote in the feeds of others. */
    @Query("delete from feed_entries where user_id = :userId or author_id = :userId")
    int deleteFeedEntries(UUID userId);

    /** Whom the person follows and who follows them. */
    @Query("delete from follows where follower_id = :userId or followee_id = :userId")
    int deleteFollows(UUID userId);

    /** Which posts of theirs were deleted. */
    @Query("delete from deleted_posts where author_id = :userId")
    int deleteDeletions(UUID userId);
}
