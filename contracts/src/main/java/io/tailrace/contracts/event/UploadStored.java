package io.tailrace.contracts.event;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A file has arrived whole, and the file store has it. Key: {@code owner/upload}, partitioned by the owner. A tombstone deletes it.
 *
 * @param id the upload's id, under which the store has the file
 * @param ownerId whose it is
 * @param name the file's name, made safe: one line, no path
 * @param declaredType the media type that the client said; null if it said none
 * @param detectedType the media type that the content is of
 * @param size in bytes
 * @param sha256 of the content, in lower-case hexadecimal
 * @param createdAt when the upload began
 */
public record UploadStored(
        UUID id,
        UUID ownerId,
        String name,
        @Nullable String declaredType,
        String detectedType,
        long size,
        String sha256,
        Instant createdAt) {}
