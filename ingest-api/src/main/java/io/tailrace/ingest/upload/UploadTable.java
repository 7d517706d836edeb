package io.tailrace.ingest.upload;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The projection of uploads, which {@code projections} writes; this service reads it. */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface UploadTable extends GenericRepository<UploadRow, UUID> {
    /** One of a person's. */
    @Query("select id, owner_id, name, declared_type, detected_type, size, sha256, created_at from uploads"
            + " where id = :id and owner_id = :owner")
    Optional<UploadRow> find(UUID id, UUID owner);

    /** One of a person's with a content. */
    @Query("select id, owner_id, name, declared_type, detected_type, size, sha256, created_at from uploads"
            + " where owner_id = :owner and sha256 = :sha256 order by id limit 1")
    Optional<UploadRow> findByContent(UUID owner, String sha256);

    /** A person's newest before one. */
    @Query("select id, owner_id, name, declared_type, detected_type, size, sha256, created_at from uploads"
            + " where owner_id = :owner and id < :before order by id desc limit :limit")
    List<UploadRow> newest(UUID owner, UUID before, int limit);
}
