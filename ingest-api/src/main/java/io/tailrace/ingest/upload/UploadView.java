package io.tailrace.ingest.upload;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import io.tailrace.contracts.event.UploadStored;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An upload as its owner sees it.
 *
 * @param id its id
 * @param name the file's name, made safe
 * @param declaredType the media type that the client said; null if it said none
 * @param detectedType the media type that the content is of
 * @param size in bytes
 * @param sha256 of the content, in lower-case hexadecimal
 * @param state {@code stored}
 * @param channel where what happens to it is told
 * @param createdAt when it began
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
record UploadView(
        UUID id,
        String name,
        @Nullable String declaredType,
        String detectedType,
        long size,
        String sha256,
        String state,
        String channel,
        Instant createdAt) {
    private static final String STORED = "stored";

    static UploadView of(UploadStored upload) {
        return new UploadView(
                upload.id(),
                upload.name(),
                upload.declaredType(),
                upload.detectedType(),
                upload.size(),
                upload.sha256(),
                STORED,
                UploadEvents.channel(upload.ownerId(), upload.id()).name(),
                upload.createdAt());
    }

    static UploadView of(UploadRow row) {
        return of(new UploadStored(
                row.id(),
                row.ownerId(),
                row.name(),
                row.declaredType(),
                row.detectedType(),
                row.size(),
                row.sha256(),
                row.createdAt()));
    }
}
