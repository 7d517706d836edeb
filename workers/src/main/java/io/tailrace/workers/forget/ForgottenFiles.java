package io.tailrace.workers.forget;

import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.kit.file.FileArea;
import io.tailrace.kit.file.FileBusyException;
import io.tailrace.kit.file.FileEntry;
import io.tailrace.kit.file.FileKey;
import io.tailrace.kit.file.FileStore;
import io.tailrace.kit.file.FileStoreSettings;
import io.tailrace.kit.file.FileStores;
import java.io.Closeable;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * Files that nobody sees: uploads that were given up, and stored files without a fact, which a crash or a deletion in between can leave. Only files
 * that are older than an unfinished upload may be: whoever writes one now has not written its fact yet. Thread-safe; blocks.
 */
final class ForgottenFiles {
    /** How long a file that nothing knows can be put back. */
    private static final Duration LOST_FOR = Duration.ofDays(30);

    private final FileStores stores;
    private final UploadFacts facts;
    private final CopiedUploads copies;
    private final FileStoreSettings settings;
    private final InstantSource clock;

    ForgottenFiles(
            FileStores stores,
            UploadFacts facts,
            CopiedUploads copies,
            FileStoreSettings settings,
            InstantSource clock) {
        this.stores = stores;
        this.facts = facts;
        this.copies = copies;
        this.settings = settings;
        this.clock = clock;
    }

    /** Whether there is a store at all. */
    boolean hasStore() {
        return stores.configured().isPresent();
    }

    /**
     * Deletes them. A stored file has to be unknown to the log and to its copy, and is put aside for 30 days before it is deleted: files cannot
     * be made anew, and both may have lost its fact, because a copy is made anew by itself from a log that was restored.
     *
     * @param isStopped whether to leave the rest for the next time
     * @return how many were deleted or put aside; 0 if there is no store
     * @throws IOException if the store is away
     * @throws SQLException if the copy cannot be asked
     */
    long delete(BooleanSupplier isStopped) throws IOException, SQLException {
        if (stores.configured().isEmpty()) {
            return 0;
        }
        FileStore store = stores.configured().get();
        Instant before = clock.instant().minus(settings.unfinishedFor());
        long deleted = 0;
        Map<String, FileKey> unknown = new HashMap<>();
        for (UUID owner : store.owners()) {
            if (isStopped.getAsBoolean()) {
                return deleted;
            }
            for (UUID id : unfinished(store, owner, before)) {
                deleted += deleteUnfinished(store, owner, id);
            }
            for (FileKey key : old(store, FileArea.LOST, owner, clock.instant().minus(LOST_FOR))) {
                deleted += store.delete(key) ? 1 : 0;
            }
            List<FileKey> stored = old(store, FileArea.STORED, owner, before);
            Set<UUID> copied = stored.isEmpty() ? Set.of() : copies.of(owner);
            for (FileKey key : stored) {
                // A state goes behind the fact: where there is none, the fact is in the log by now or never will be.
                boolean arriving = store.size(new FileKey(FileArea.STATE, owner, key.id())) >= 0;
                if (!arriving && !copied.contains(key.id())) {
                    unknown.put(FactKeys.of(owner, key.id()), key);
                }
            }
        }
        if (!unknown.isEmpty()) {
            unknown.keySet().removeAll(facts.among(Set.copyOf(unknown.keySet())));
            for (FileKey key : unknown.values()) {
                if (isStopped.getAsBoolean()) {
                    return deleted;
                }
                deleted += putAside(store, key);
            }
        }
        return deleted;
    }

    /** The uploads of which no file has changed lately. */
    private static Set<UUID> unfinished(FileStore store, UUID owner, Instant before) throws IOException {
        Set<UUID> ids = new HashSet<>();
        Set<UUID> changing = new HashSet<>();
        for (FileArea area : List.of(FileArea.STATE, FileArea.INCOMING)) {
            for (FileEntry entry : store.list(area, owner)) {
                (entry.changedAt().isBefore(before) ? ids : changing)
                        .add(entry.key().id());
            }
        }
        ids.removeAll(changing);
        return ids;
    }

    /** Both files of an upload, unless somebody writes it. */
    private static int deleteUnfinished(FileStore store, UUID owner, UUID id) throws IOException {
        FileKey state = new FileKey(FileArea.STATE, owner, id);
        FileKey incoming = new FileKey(FileArea.INCOMING, owner, id);
        try (Closeable unused = store.lock(incoming)) {
            return (store.delete(state) ? 1 : 0) + (store.delete(incoming) ? 1 : 0);
        } catch (FileBusyException e) {
            return 0;
        }
    }

    /** Not while somebody makes a fact of it. */
    private static int putAside(FileStore store, FileKey key) throws IOException {
        try (Closeable unused = store.lock(key)) {
            boolean arriving = store.size(new FileKey(FileArea.STATE, key.owner(), key.id())) >= 0;
            if (arriving || store.size(key) < 0) {
                return 0;
            }
            store.move(key, new FileKey(FileArea.LOST, key.owner(), key.id()));
            // What was read in it is of no use to anybody.
            var unusedText = store.delete(new FileKey(FileArea.TEXT, key.owner(), key.id()));
            return 1;
        } catch (FileBusyException e) {
            return 0;
        }
    }

    private static List<FileKey> old(FileStore store, FileArea area, UUID owner, Instant before) throws IOException {
        List<FileKey> keys = new ArrayList<>();
        for (FileEntry entry : store.list(area, owner)) {
            if (entry.changedAt().isBefore(before)) {
                keys.add(entry.key());
            }
        }
        return keys;
    }
}
