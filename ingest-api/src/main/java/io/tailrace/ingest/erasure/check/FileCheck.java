package io.tailrace.ingest.erasure.check;

import io.tailrace.kit.file.FileArea;
import io.tailrace.kit.file.FileEntry;
import io.tailrace.kit.file.FileStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Looks for what is filed under a person in the store of files. Files are found by their owner, and not read: what others have stored is theirs. */
final class FileCheck {
    private final FileStore store;
    private final UUID person;

    FileCheck(FileStore store, UUID person) {
        this.store = store;
        this.person = person;
    }

    List<Finding> run() throws IOException {
        List<Finding> findings = new ArrayList<>();
        for (FileArea area : FileArea.values()) {
            List<FileEntry> entries = store.list(area, person);
            if (!entries.isEmpty()) {
                findings.add(new Finding("store of files, " + area, entries.size(), "files of the person", false));
            }
        }
        if (findings.isEmpty() && store.owners().contains(person)) {
            findings.add(new Finding("store of files", 1, "folder with the id", false));
        }
        return findings;
    }
}
