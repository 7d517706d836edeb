package io.tailrace.kit.file;

import java.time.Instant;

/**
 * A file that the store has.
 *
 * @param key its name
 * @param size in bytes
 * @param changedAt when it was written or got a name last
 */
public record FileEntry(FileKey key, long size, Instant changedAt) {}
