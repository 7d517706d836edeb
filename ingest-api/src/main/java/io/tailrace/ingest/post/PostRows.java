package io.tailrace.ingest.post;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.util.UUID;

/** The projection of posts, which {@code projections} writes; this service reads it. */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface PostRows extends GenericRepository<StoredPost, UUID> {
    /** Whether somebody has written a post that is there. */
    @Query("select exists (select from posts where id = :id and author_id = :author)")
    boolean isThere(UUID id, UUID author);

    /** Whether somebody has deleted a post. */
    @Query("select exists (select from deleted_posts where id = :id and author_id = :author)")
    boolean isDeleted(UUID id, UUID author);
}
