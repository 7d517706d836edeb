package io.tailrace.ingest.upload;

import io.tailrace.kit.file.FileArea;
import io.tailrace.kit.file.FileEntry;
import io.tailrace.kit.file.FileKey;
import io.tailrace.kit.file.FileStore;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

    /**
     * The room that somebody has beside what is stored and arriving, by what is in the store: files that are arriving resumably with the length they
     * will have, those of forms with what has come of them.
     *
     * @param now expired ones do not count
     */
    static Room room(FileStore store, UUID owner, UploadSettings settings, Instant now) throws IOException {
        long files = 0;
        long bytes = 0;
        Set<UUID> resumable = new HashSet<>();
        for (FileEntry entry : store.list(FileArea.STATE, owner)) {
            Optional<Resumable> state = find(store, owner, entry.key().id());
            resumable.add(entry.key().id());
            if (state.isPresent() && !state.get().expired(now)) {
                files++;
                bytes += state.get().length();
            }
        }
        for (FileArea area : List.of(FileArea.STORED, FileArea.INCOMING)) {
            for (FileEntry entry : store.list(area, owner)) {
                if (!resumable.contains(entry.key().id())) {
                    files++;
                    bytes += entry.size();
                }
            }
        }
        return new Room(settings, files, bytes);
    }

    private static FileKey key(UUID owner, UUID id) {
        return new FileKey(FileArea.STATE, owner, id);
    }
}
