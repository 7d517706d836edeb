package io.tailrace.kit.file;

import java.io.IOException;

/** Somebody else is writing the file. */
public final class FileBusyException extends IOException {
    private static final long serialVersionUID = 1;

    FileBusyException(FileKey key) {
        super(key + " is being written");
    }
}
