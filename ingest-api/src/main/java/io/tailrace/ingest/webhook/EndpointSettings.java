package io.tailrace.ingest.webhook;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * The bounds of webhook endpoints. Immutable.
 *
 * @param maxEndpoints how many one account or service may have
 * @param maxEvents the most patterns of events of one endpoint
 * @param rotation how long webhooks are signed with the old secret, too, after an endpoint was given a new one, if the request does
 *     not say; at most seven days
 * @param defaultLimit the entries of a page if a request does not say
 * @param maxLimit the most entries of a page
 */
@ConfigurationProperties("tailrace.webhooks")
public record EndpointSettings(
        @Bindable(defaultValue = "100") int maxEndpoints,
        @Bindable(defaultValue = "50") int maxEvents,
        @Bindable(defaultValue = "24h") Duration rotation,
        @Bindable(defaultValue = "50") int defaultLimit,
        @Bindable(defaultValue = "200") int maxLimit) {
    /** The longest time for which an old secret is used. */
    static final Duration LONGEST_ROTATION = Duration.ofDays(7);

    /** Checks the ranges. */
    public EndpointSettings {
        if (maxEndpoints < 1 || maxEvents < 1 || defaultLimit < 1 || maxLimit < defaultLimit) {
            throw new IllegalArgumentException("tailrace.webhooks: max-endpoints " + maxEndpoints + ", max-events "
                    + maxEvents + ", default-limit " + defaultLimit + ", max-limit " + maxLimit
                    + "; expected at least 1 each, and max-limit not below default-limit");
        }
        if (rotation.isNegative() || rotation.compareTo(LONGEST_ROTATION) > 0) {
            throw new IllegalArgumentException(
                    "tailrace.webhooks.rotation: " + rotation + ", expected at most " + LONGEST_ROTATION);
        }
    }
}
