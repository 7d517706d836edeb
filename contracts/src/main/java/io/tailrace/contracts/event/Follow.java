package io.tailrace.contracts.event;

import java.time.Instant;
import java.util.UUID;

/**
 * Somebody follows somebody, or no longer does. Key: {@code followee/follower}, partitioned by the
 * followee.
 *
 * @param followerId who follows
 * @param followeeId who is followed
 * @param at when
 */
public record Follow(UUID followerId, UUID followeeId, Instant at) {}
