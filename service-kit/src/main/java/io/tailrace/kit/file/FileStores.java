package io.tailrace.kit.file;

import java.util.Optional;

/**
 * The store of this installation.
 *
 * @param configured the store; empty if the settings name none
 */
public record FileStores(Optional<FileStore> configured) {}
