package io.tailrace.projections.upload;

import io.tailrace.contracts.event.UploadStored;
import java.util.UUID;

/** What a record of {@code tailrace.uploads} does to the table. */
public sealed interface UploadChange {
    /** The row's key. */
    UUID id();

    /**
     * The upload is stored.
     *
     * @param upload the whole of it
     */
    record Put(UploadStored upload) implements UploadChange {
        @Override
        public UUID id() {
            return upload.id();
        }
    }

    /**
     * The upload is no longer there.
     *
     * @param id which
     */
    record Delete(UUID id) implements UploadChange {}
}
