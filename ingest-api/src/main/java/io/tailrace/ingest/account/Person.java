package io.tailrace.ingest.account;

import io.micronaut.core.annotation.Introspected;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An account as its owner sees it.
 *
 * @param id the person's id
 * @param email the address, as given
 * @param name the name to show
 * @param phone the phone number, or null
 * @param createdAt when the account came to be
 */
@Introspected
public record Person(UUID id, String email, String name, @Nullable String phone, Instant createdAt) {}
