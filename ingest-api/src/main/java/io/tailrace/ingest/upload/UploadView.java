package io.tailrace.ingest.upload;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import io.tailrace.contracts.event.UploadStored;
import io.tailrace.kit.extract.TextState;
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
 * @param state {@code stored}; {@code ready} when its text can be read; {@code failed} if it has none, which leaves the file as it is
 * @param reason why it has no text; null if it has, or that is not known yet
 * @param pages how many pages, slides or sheets the text has; null without a text
 * @param textCharacters how long the text is, in UTF-16 units; null without a text
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
        @Nullable String reason,
        @Nullable Integer pages,
        @Nullable Long textCharacters,
        String channel,
        Instant createdAt) {
    private static final String STORED = "stored";

    private static final String READY = "ready";
    private static final String FAILED = "failed";

    /** One whose text nobody has read yet. */
    static UploadView of(UploadStored upload) {
        return of(upload, null);
    }

    private static UploadView of(UploadStored upload, @Nullable TextState text) {
        String reason = text == null ? null : text.reason();
        TextState ready = reason == null ? text : null;
        return new UploadView(
                upload.id(),
                upload.name(),
                upload.declaredType(),
                upload.detectedType(),
                upload.size(),
                upload.sha256(),
                reason != null ? FAILED : ready == null ? STORED : READY,
                reason,
                ready == null ? null : ready.pages(),
                ready == null ? null : ready.characters(),
                UploadEvents.channel(upload.ownerId(), upload.id()).name(),
                upload.createdAt());
    }

    static UploadView of(UploadRow row, @Nullable TextState text) {
        UploadStored upload = new UploadStored(
                row.id(),
                row.ownerId(),
                row.name(),
                row.declaredType(),
                row.detectedType(),
                row.size(),
                row.sha256(),
                row.createdAt());
        return of(upload, text);
    }
}
