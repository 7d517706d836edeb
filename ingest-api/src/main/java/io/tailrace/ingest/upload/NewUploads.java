package io.tailrace.ingest.upload;

import io.micronaut.core.annotation.Introspected;
import java.util.List;

/**
 * What became of the files of a request.
 *
 * @param uploads the files that are stored
 * @param refused those that are not
 */
@Introspected
record NewUploads(List<UploadView> uploads, List<RefusedFile> refused) {
    /**
     * A file that is not taken.
     *
     * @param name its name, made safe
     * @param reason {@code empty}, {@code too_large}, {@code type_not_allowed}, {@code quota}, {@code too_many_files},
     *     {@code storage_unavailable}, {@code log_unavailable} or {@code malformed}
     * @param detail the same as a sentence
     */
    @Introspected
    record RefusedFile(String name, String reason, String detail) {}
}
