package io.tailrace.workers.webhook;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.tailrace.contracts.webhook.WebhookSecret;
import java.time.Duration;

/**
 * How webhooks are delivered. Immutable.
 *
 * @param deadline how long one attempt may take, with everything
 * @param keepBytes how much of an endpoint's answer is kept for the delivery log
 * @param secret signs what goes to a URL and not to an endpoint: whsec_ and 24 to 64 bytes in Base64. Without one such webhooks
 *     are not signed
 * @param longestRetryAfter the longest wait that an endpoint may ask for
 */
@ConfigurationProperties("tailrace.webhook-delivery")
public record WebhookSettings(
        @Bindable(defaultValue = "15s") Duration deadline,
        @Bindable(defaultValue = "1024") int keepBytes,
        @Bindable(defaultValue = "") String secret,
        @Bindable(defaultValue = "24h") Duration longestRetryAfter) {
    private static final int MOST_KEPT = 4_096;

    /** Checks the ranges. */
    public WebhookSettings {
        if (deadline.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "tailrace.webhook-delivery.deadline: " + deadline + ", expected at least 1 ms");
        }
        if (keepBytes < 1 || keepBytes > MOST_KEPT) {
            throw new IllegalArgumentException(
                    "tailrace.webhook-delivery.keep-bytes: " + keepBytes + ", expected 1 to " + MOST_KEPT);
        }
        if (longestRetryAfter.isNegative() || longestRetryAfter.compareTo(Duration.ofDays(7)) > 0) {
            throw new IllegalArgumentException("tailrace.webhook-delivery.longest-retry-after: " + longestRetryAfter
                    + ", expected at most 7 days");
        }
        if (!secret.isEmpty()) {
            try {
                var unusedSecret = new WebhookSecret(secret);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("tailrace.webhook-delivery.secret: " + e.getMessage(), e);
            }
        }
    }

    /** Without what is secret. */
    @Override
    public String toString() {
        return "WebhookSettings[" + deadline + ", " + keepBytes + ", " + longestRetryAfter + "]";
    }
}
