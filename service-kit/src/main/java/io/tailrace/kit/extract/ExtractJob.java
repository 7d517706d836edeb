package io.tailrace.kit.extract;

import io.micronaut.core.annotation.Introspected;
import java.util.Set;
import java.util.UUID;

/**
 * The payload of a job that reads the text of a file. The job has the upload's id, so that there is one for each upload.
 *
 * @param ownerId whose file it is
 * @param uploadId which
 * @param detectedType the media type that its content is of
 */
@Introspected
public record ExtractJob(UUID ownerId, UUID uploadId, String detectedType) {
    /** The type of the jobs. */
    public static final String TYPE = "extract";

    /** What has text; other files, pictures for instance, stay as they are. */
    private static final Set<String> TYPES = Set.of(
            "application/pdf",
            "application/msword",
            "application/vnd.ms-excel",
            "application/vnd.ms-powerpoint",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "application/vnd.oasis.opendocument.text",
            "application/vnd.oasis.opendocument.spreadsheet",
            "application/vnd.oasis.opendocument.presentation",
            "application/rtf",
            "text/html",
            "text/csv",
            "text/plain",
            "text/x-web-markdown",
            "application/json");

    /** Whether files of a media type have text that is read. */
    public static boolean isFor(String detectedType) {
        return TYPES.contains(detectedType);
    }
}
