package io.tailrace.ingest.upload;

import io.tailrace.contracts.event.UploadStored;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a person may still store, and what a request has stored by now, while it takes its files. For one thread.
 */
final class Room {
    private final UploadSettings settings;
    private final Map<String, UUID> contents = new HashMap<>();
    private long files;
    private long bytes;

    /**
     * Room beside what there is.
     *
     * @param files how many files the person has
     * @param bytes how many bytes these have
     */
    Room(UploadSettings settings, long files, long bytes) {
        this.settings = settings;
        this.files = files;
        this.bytes = bytes;
    }

    /** The most bytes that the next file may have. */
    long maxBytes() {
        return Math.clamp(settings.maxStoredBytes() - bytes, 0, settings.maxBytes());
    }

    /** How a file is refused that has more than {@link #maxBytes()}. */
    UploadRefusal tooMuch() {
        return maxBytes() == settings.maxBytes()
                ? UploadRefusal.tooLarge(settings.maxBytes())
                : UploadRefusal.quota(
                        "Your files would have more than " + settings.maxStoredBytes() + " bytes together");
    }

    /**
     * Refuses one file more than a person may have.
     *
     * @throws RefusedUpload if there is no room for a file
     */
    void requireFile() throws RefusedUpload {
        if (files >= settings.maxStored()) {
            throw new RefusedUpload(
                    UploadRefusal.quota("You have " + settings.maxStored() + " files, and may have no more"));
        }
    }

    /**
     * Refuses a file that is too long.
     *
     * @throws RefusedUpload if a file of this length is too long
     */
    void require(long size) throws RefusedUpload {
        requireFile();
        if (size > maxBytes()) {
            throw new RefusedUpload(tooMuch());
        }
    }

    /** Takes the room of a file. */
    void take(UploadStored stored) {
        files++;
        bytes += stored.size();
        contents.put(stored.sha256(), stored.id());
    }

    /** The file of this request with a content; null if there is none. */
    @Nullable
    UUID withContent(String sha256) {
        return contents.get(sha256);
    }
}
