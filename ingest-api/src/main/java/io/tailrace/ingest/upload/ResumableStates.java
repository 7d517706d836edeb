package io.tailrace.ingest.upload;

import io.tailrace.kit.file.FileArea;
import io.tailrace.kit.file.FileEntry;
import io.tailrace.kit.file.FileKey;
import io.tailrace.kit.file.FileStore;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.UUID;

/** The states of resumable uploads in the file store; each is replaced as a whole. Pure but for the store. */
final class ResumableStates {
    private static final long MAX_BYTES = 64 * 1024;

    private ResumableStates() {}

    /** Keeps a state; it is there after a crash when this returns. */
    static void put(FileStore store, Resumable resumable) throws IOException {
        store.replace(key(resumable.ownerId(), resumable.id()), Json.write(resumable));
    }

    /** One of somebody's. */
    static Optional<Resumable> find(FileStore store, UUID owner, UUID id) throws IOException {
        try (InputStream in = store.read(key(owner, id), 0, MAX_BYTES)) {
            return Optional.of(Json.read(in.readAllBytes(), Resumable.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Deletes a state. */
    static void delete(FileStore store, UUID owner, UUID id) throws IOException {
        var unused = store.delete(key(owner, id));
    }

    /** How many of somebody's there are, and how many bytes they will have. */
    static Arriving arriving(FileStore store, UUID owner) throws IOException {
        long files = 0;
        long bytes = 0;
        for (FileEntry entry : store.list(FileArea.STATE, owner)) {
            Optional<Resumable> resumable = find(store, owner, entry.key().id());
            files += resumable.isPresent() ? 1 : 0;
            bytes += resumable.map(Resumable::length).orElse(0L);
        }
        return new Arriving(files, bytes);
    }

    /**
     * What is still arriving.
     *
     * @param files how many files
     * @param bytes how many bytes they will have
     */
    record Arriving(long files, long bytes) {}

    private static FileKey key(UUID owner, UUID id) {
        return new FileKey(FileArea.STATE, owner, id);
    }
}
