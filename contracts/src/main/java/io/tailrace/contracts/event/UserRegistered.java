package io.tailrace.contracts.event;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An account came to be. Key: the user's id.
 *
 * @param id the user's id
 * @param email the address, as given
 * @param name the name to show
 * @param phone the phone number, or null
 * @param createdAt when
 */
public record UserRegistered(UUID id, String email, String name, @Nullable String phone, Instant createdAt) {}
