package io.tailrace.ingest.upload;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An upload as the projection has it. */
@MappedEntity("uploads")
record UploadRow(
        @Id UUID id,
        UUID ownerId,
        String name,
        @Nullable String declaredType,
        String detectedType,
        long size,
        String sha256,
        Instant createdAt) {}
