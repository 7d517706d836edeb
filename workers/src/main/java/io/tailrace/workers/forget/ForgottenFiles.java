package io.tailrace.workers.forget;

import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.kit.file.FileArea;
import io.tailrace.kit.file.FileEntry;
import io.tailrace.kit.file.FileKey;
import io.tailrace.kit.file.FileStore;
import io.tailrace.kit.file.FileStoreSettings;
import io.tailrace.kit.file.FileStores;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
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
    private final FileStores stores;
    private final UploadFacts facts;
    private final FileStoreSettings settings;
    private final InstantSource clock;

    ForgottenFiles(FileStores stores, UploadFacts facts, FileStoreSettings settings, InstantSource clock) {
        this.stores = stores;
        this.facts = facts;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Deletes them.
     *
     * @param isStopped whether to leave the rest for the next time
     * @return how many there were; 0 if there is no store
     * @throws IOException if the store is away
     */
    long delete(BooleanSupplier isStopped) throws IOException {
        if (stores.configured().isEmpty()) {
            return 0;
        }
        FileStore store = stores.configured().get();
        Instant before = clock.instant().minus(settings.unfinishedFor());
        long deleted = 0;
        Map<String, FileKey> withoutFact = new HashMap<>();
        for (UUID owner : store.owners()) {
            if (isStopped.getAsBoolean()) {
                return deleted;
            }
            for (FileKey key : old(store, FileArea.STATE, owner, before)) {
                deleted += store.delete(key) ? 1 : 0;
            }
            for (FileKey key : old(store, FileArea.INCOMING, owner, before)) {
                deleted += store.delete(key) ? 1 : 0;
            }
            for (FileKey key : old(store, FileArea.STORED, owner, before)) {
                withoutFact.put(FactKeys.of(owner, key.id()), key);
            }
        }
        if (!withoutFact.isEmpty()) {
            Set<String> known = facts.among(Set.copyOf(withoutFact.keySet()));
            withoutFact.keySet().removeAll(known);
            for (FileKey key : withoutFact.values()) {
                deleted += store.delete(key) ? 1 : 0;
            }
        }
        return deleted;
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
