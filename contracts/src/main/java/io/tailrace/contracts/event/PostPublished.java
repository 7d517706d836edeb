package io.tailrace.contracts.event;

import java.time.Instant;
import java.util.UUID;

/**
 * A post was written. Key: {@code author/post}, partitioned by the author.
 *
 * @param id the post's id
 * @param authorId who wrote it
 * @param text what it says
 * @param createdAt when
 */
public record PostPublished(UUID id, UUID authorId, String text, Instant createdAt) {}
