package io.tailrace.ingest.upload;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import java.util.List;

/**
 * The bounds of uploads. Immutable.
 *
 * @param maxBytes the longest file, in bytes
 * @param maxFiles the most parts of one multipart request
 * @param maxForms how many multipart requests of one person a process reads at once; one more is answered 429
 * @param maxRequestBytes the longest multipart request, in bytes; at least {@code max-bytes}
 * @param maxStored how many files a person may have, those that are still arriving among them
 * @param maxStoredBytes how many bytes a person's files may have together, equal ones counted each; those that are still arriving with
 *     the length they will have
 * @param types the media types that a content may be of; {@code image/*} is every image
 * @param progressInterval the least time between two events about the progress of a file
 */
@ConfigurationProperties("tailrace.uploads")
public record UploadSettings(
        @Bindable(defaultValue = "104857600") long maxBytes,
        @Bindable(defaultValue = "100") int maxFiles,
        @Bindable(defaultValue = "4") int maxForms,
        @Bindable(defaultValue = "1073741824") long maxRequestBytes,
        @Bindable(defaultValue = "10000") int maxStored,
        @Bindable(defaultValue = "10737418240") long maxStoredBytes,
        @Bindable(
                        defaultValue = "application/pdf,application/msword,application/vnd.ms-excel,"
                                + "application/vnd.ms-powerpoint,"
                                + "application/vnd.openxmlformats-officedocument.wordprocessingml.document,"
                                + "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet,"
                                + "application/vnd.openxmlformats-officedocument.presentationml.presentation,"
                                + "application/vnd.oasis.opendocument.text,"
                                + "application/vnd.oasis.opendocument.spreadsheet,"
                                + "application/vnd.oasis.opendocument.presentation,"
                                + "application/rtf,text/html,text/csv,text/plain,text/x-web-markdown,application/json,"
                                + "image/png,image/jpeg,image/gif,image/webp")
                List<String> types,
        @Bindable(defaultValue = "250ms") Duration progressInterval) {
    /** Checks the ranges. */
    public UploadSettings {
        if (maxBytes < 1
                || maxFiles < 1
                || maxForms < 1
                || maxStored < 1
                || maxStoredBytes < 1
                || maxRequestBytes < maxBytes) {
            throw new IllegalArgumentException("tailrace.uploads: max-bytes " + maxBytes + ", max-files " + maxFiles
                    + ", max-forms " + maxForms + ", max-request-bytes " + maxRequestBytes + ", max-stored " + maxStored
                    + ", max-stored-bytes "
                    + maxStoredBytes + "; expected at least 1 each, and max-request-bytes at least max-bytes");
        }
        types = List.copyOf(types);
    }
}
