package io.tailrace.ingest.webhook;

import io.micronaut.core.annotation.Introspected;
import org.jspecify.annotations.Nullable;

/**
 * A request for another secret, as it is described to clients.
 *
 * @param secret the new one; one is made if it is missing
 * @param graceSeconds how long webhooks are signed with the old one as well
 */
@Introspected
record SecretChange(@Nullable String secret, @Nullable Integer graceSeconds) {}
