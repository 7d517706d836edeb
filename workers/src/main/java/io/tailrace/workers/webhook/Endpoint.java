package io.tailrace.workers.webhook;

import io.tailrace.contracts.webhook.EventPattern;
import io.tailrace.contracts.webhook.WebhookSecret;
import java.util.List;
import java.util.UUID;

/**
 * An endpoint as it is registered. Immutable.
 *
 * @param id which one
 * @param url where it is
 * @param events which events it wants
 * @param secrets what its webhooks are signed with: the current secret, and the one before while that is still in use
 * @param isEnabled whether it wants any
 */
record Endpoint(UUID id, String url, List<EventPattern> events, List<WebhookSecret> secrets, boolean isEnabled) {
    Endpoint {
        events = List.copyOf(events);
        secrets = List.copyOf(secrets);
    }

    /** Whether it wants events of a type; the empty text for an event without one. */
    boolean wants(String type) {
        return events.stream().anyMatch(pattern -> pattern.matches(type));
    }
}
