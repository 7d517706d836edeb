package io.tailrace.kit.file;

import java.util.UUID;

/**
 * The name of a file in the store. It is made of ids alone: nothing that a client has said becomes part of a path.
 *
 * @param area what it is for
 * @param owner whose it is
 * @param id which
 */
public record FileKey(FileArea area, UUID owner, UUID id) {}
