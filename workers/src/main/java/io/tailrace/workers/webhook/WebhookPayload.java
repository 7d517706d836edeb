package io.tailrace.workers.webhook;

import io.micronaut.core.annotation.Introspected;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a job of the type {@code webhook} sends.
 *
 * @param url where to, if not to an endpoint
 * @param endpoint the endpoint that is sent to
 * @param event the event, which becomes the body; an endpoint's patterns look at its {@code type}
 * @param messageId the id under which the receiver knows it; null for that of the job
 */
@Introspected
record WebhookPayload(
        @Nullable String url,
        @Nullable UUID endpoint,
        @Nullable Map<String, @Nullable Object> event,
        @Nullable UUID messageId) {}
