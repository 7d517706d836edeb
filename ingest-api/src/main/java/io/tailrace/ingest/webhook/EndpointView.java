package io.tailrace.ingest.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A webhook endpoint.
 *
 * @param id which one
 * @param url where it is
 * @param events patterns of the types of events that it wants
 * @param state {@code enabled} or {@code disabled}
 * @param disabledReason {@code gone} if it has answered 410, {@code asked} if somebody disabled it
 * @param secret what its webhooks are signed with; only in the answer to the request that made it
 * @param previousSecretUntil how long they are signed with the secret before that as well
 * @param createdAt when it was registered
 * @param changedAt when it last changed
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
record EndpointView(
        UUID id,
        String url,
        List<String> events,
        String state,
        @Nullable String disabledReason,
        @Nullable String secret,
        @Nullable Instant previousSecretUntil,
        Instant createdAt,
        Instant changedAt) {
    static EndpointView of(EndpointRow row, @Nullable String secret) {
        return new EndpointView(
                row.id(),
                row.url(),
                List.of(row.events().split(",")),
                row.state(),
                row.disabledReason(),
                secret,
                row.previousUntil(),
                row.createdAt(),
                row.changedAt());
    }
}
