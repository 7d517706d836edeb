package io.tailrace.kit.limit;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import java.util.List;

/**
 * How often somebody may write. Whose token has the id of an account is a person; whose has another subject is a service
 * account; who has none is known by the address. Immutable.
 *
 * @param personPerSecond writes of a person in a second, over all nodes and tokens; 0: as many as they like
 * @param personBurst writes of a person at once, after a pause
 * @param servicePerSecond writes of a service account in a second; 0: as many as it likes
 * @param serviceBurst writes of a service account at once
 * @param addressPerSecond writes without a token from one address in a second (of IPv6: from one /64); signing up and in
 *     are among them. It is more than a person's, because many people may share an address; 0: as many as they like
 * @param addressBurst writes without a token from one address at once
 * @param readPerSecond reads with large answers (seat maps) from one address in a second, with a token or without; 0: as many
 *     as they like
 * @param readBurst reads with large answers from one address at once
 * @param askTimeout how long a write waits for Redis at most; then this node decides alone, and so it does until Redis
 *     answers again
 * @param askAgainAfter how often Redis is tried while it is away; no write waits for that
 * @param maxCallers callers that a node remembers; of more, those that were quiet for longest start anew
 * @param trustedProxies addresses and ranges (CIDR) of proxies whose {@code X-Forwarded-For}, {@code X-Forwarded-Host} and
 *     {@code Forwarded} are believed; none by default, because anybody can send those headers
 */
@ConfigurationProperties("tailrace.limits")
public record LimitSettings(
        @Bindable(defaultValue = "20") int personPerSecond,
        @Bindable(defaultValue = "20") int personBurst,
        @Bindable(defaultValue = "2000") int servicePerSecond,
        @Bindable(defaultValue = "2000") int serviceBurst,
        @Bindable(defaultValue = "100") int addressPerSecond,
        @Bindable(defaultValue = "200") int addressBurst,
        @Bindable(defaultValue = "100") int readPerSecond,
        @Bindable(defaultValue = "500") int readBurst,
        @Bindable(defaultValue = "50ms") Duration askTimeout,
        @Bindable(defaultValue = "1s") Duration askAgainAfter,
        @Bindable(defaultValue = "100000") int maxCallers,
        @Bindable(defaultValue = "") List<String> trustedProxies) {
    /** Checks the ranges. */
    public LimitSettings {
        trustedProxies = trustedProxies.stream()
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .toList();
        positive("person-burst", personBurst);
        positive("service-burst", serviceBurst);
        positive("address-burst", addressBurst);
        positive("read-burst", readBurst);
        positive("max-callers", maxCallers);
        positive("ask-timeout", askTimeout.toMillis());
        positive("ask-again-after", askAgainAfter.toMillis());
        if (personPerSecond < 0 || servicePerSecond < 0 || addressPerSecond < 0 || readPerSecond < 0) {
            throw new IllegalArgumentException("tailrace.limits: person-per-second " + personPerSecond
                    + ", service-per-second " + servicePerSecond + ", address-per-second " + addressPerSecond
                    + ", read-per-second " + readPerSecond + "; expected at least 0");
        }
    }

    private static void positive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException("tailrace.limits." + name + ": " + value + ", expected at least 1");
        }
    }
}
