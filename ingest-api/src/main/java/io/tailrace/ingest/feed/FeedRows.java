package io.tailrace.ingest.feed;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.util.List;
import java.util.UUID;

/** The projection of newsfeeds, which workers write; this service reads it. */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface FeedRows extends GenericRepository<FeedEntry, UUID> {
    /** The newest entries of a feed that are older than {@code before}; ids of posts are ordered by time. */
    @Query("select post_id, user_id, author_id, text, created_at from feed_entries where user_id = :userId and"
            + " post_id < :before and not exists (select from deleted_posts where id = feed_entries.post_id) order"
            + " by post_id desc limit :limit")
    List<FeedEntry> newest(UUID userId, UUID before, int limit);
}
