package io.tailrace.kit.file;

import java.io.IOException;

/** Somebody else has the lock on the file. */
public final class FileBusyException extends IOException {
    private static final long serialVersionUID = 1;

    FileBusyException(FileKey key) {
        super(key + " is locked");
    }
}
