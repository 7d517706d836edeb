package io.tailrace.contracts.event;

import java.util.UUID;

/**
 * A post is no longer there. On the feeds that have got it; in {@code tailrace.posts} it is a tombstone.
 *
 * @param id the post's id
 */
public record PostDeleted(UUID id) {}
