package io.tailrace.ingest.erasure;

import io.tailrace.kit.file.FileStores;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.UUID;

/** The files of a person in the store, whole ones and those that are still arriving. Thread-safe; blocks. */
@Singleton
final class ErasableFiles {
    private final FileStores stores;

    ErasableFiles(FileStores stores) {
        this.stores = stores;
    }

    /**
     * Deletes all of them.
     *
     * @return how many there were
     * @throws UncheckedIOException if the store is away
     */
    int forget(UUID person) {
        try {
            return stores.configured().isPresent() ? stores.configured().get().deleteAll(person) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException("the files of a person cannot be deleted", e);
        }
    }
}
