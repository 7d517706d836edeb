package io.tailrace.ingest.feed;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The projection of newsfeeds, which {@code projections} writes; this service reads it. */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface FeedRows extends GenericRepository<FeedEntry, UUID> {
    /** The newest entries of a feed before a place in its channel. Entries of one place are ordered by their posts' ids. */
    @Query("select post_id, user_id, author_id, text, created_at, log_offset from feed_entries"
            + " where user_id = :userId and (log_offset, post_id) < (:beforeOffset, :beforePost)"
            + " and not exists (select from deleted_posts where id = feed_entries.post_id)"
            + " order by log_offset desc, post_id desc limit :limit")
    List<FeedEntry> newest(UUID userId, long beforeOffset, UUID beforePost, int limit);

    /** The place of a post in a feed's channel, if the post is in the feed. */
    @Query("select log_offset from feed_entries where user_id = :userId and post_id = :post")
    Optional<Long> logOffset(UUID userId, UUID post);
}
