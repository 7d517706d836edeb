package io.tailrace.ingest.notification;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where a person with an account is reached, and what they have said of it: JSON, or null. */
@MappedEntity("accounts")
record PreferenceRow(@Id UUID id, String email, @Nullable String document, @Nullable UUID webhookEndpoint) {}
