package io.tailrace.ingest.erasure;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The erasure of a person.
 *
 * @param id its id, which says nothing about the person
 * @param userId who is erased; null when it is done
 * @param state {@code running}, {@code compacting} or {@code done}
 * @param step the step that comes next
 * @param requestedAt when it was asked for
 * @param finishedAt when it was done; null before
 * @param channelEnds where the channels and the topics of jobs ended when all was deleted, as {@link ExpiringTopics} writes it; null before
 */
@MappedEntity("erasures")
record Erasure(
        @Id UUID id,
        @Nullable UUID userId,
        String state,
        int step,
        Instant requestedAt,
        @Nullable Instant finishedAt,
        @Nullable String channelEnds) {}
