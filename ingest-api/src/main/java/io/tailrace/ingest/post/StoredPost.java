package io.tailrace.ingest.post;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.util.UUID;

/**
 * A post as the projection has it.
 *
 * @param id the post
 * @param authorId who wrote it
 */
@MappedEntity("posts")
record StoredPost(@Id UUID id, UUID authorId) {}
