package io.tailrace.kit.secret;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * How the secrets of webhook endpoints are kept. Immutable.
 *
 * @param key 32 bytes in Base64 with which they are encrypted in PostgreSQL; the same for ingest-api and workers. Empty: they are not
 *     encrypted. Once it was set it must not change: endpoints whose secret cannot be decrypted get nothing until they have a new one
 */
@ConfigurationProperties("tailrace.webhook-secrets")
public record WebhookSecretSettings(@Bindable(defaultValue = "") String key) {
    /** Checks the key. */
    public WebhookSecretSettings {
        var unused = box(key);
    }

    /** The box with this key. */
    public SecretBox box() {
        return box(key);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "WebhookSecretSettings[]";
    }

    private static SecretBox box(String key) {
        return new SecretBox("tailrace.webhook-secrets.key", key);
    }
}
