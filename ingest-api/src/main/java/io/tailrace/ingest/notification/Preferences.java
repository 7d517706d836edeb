package io.tailrace.ingest.notification;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a person wants to be notified. Immutable; pure.
 *
 * @param timeZone a region of the time zone database, or UTC; of the quiet hours
 * @param quietHours when notifications wait; null for never
 * @param telegramChatId the chat for messages by Telegram, a number or {@code @name}; null for none
 * @param webhookEndpoint an endpoint of webhooks that the person has registered; null for none
 * @param kinds by which means, {@code email}, {@code telegram} and {@code webhook}, a notification of a kind comes; empty for not at all
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Preferences(
        String timeZone,
        @Nullable QuietHours quietHours,
        @Schema(implementation = Object.class) @Nullable Object telegramChatId,
        @Nullable UUID webhookEndpoint,
        Map<String, List<String>> kinds) {
    /** To the address of the account. */
    public static final String EMAIL = "email";

    /** To {@link #telegramChatId}. */
    public static final String TELEGRAM = "telegram";

    /** To {@link #webhookEndpoint}. */
    public static final String WEBHOOK = "webhook";

    /** Kinds of incidents are this, a dot and the severity; alone it is all those that are not named. */
    public static final String INCIDENT = "incident";

    /** Comes at any time. */
    static final String CRITICAL = "critical";

    /** Those of a person who has said nothing. */
    static final Preferences DEFAULT = new Preferences("UTC", null, null, null, Map.of(INCIDENT, List.of(EMAIL)));

    /** Sorts the kinds. */
    public Preferences {
        Map<String, List<String>> sorted = new TreeMap<>();
        kinds.forEach((kind, means) -> sorted.put(kind, List.copyOf(means)));
        kinds = Collections.unmodifiableMap(sorted);
    }

    /** By which means the person is told of an incident of this severity; by e-mail if they have said nothing of it. */
    public List<String> means(String severity) {
        List<String> all = kinds.getOrDefault(INCIDENT, List.of(EMAIL));
        return kinds.getOrDefault(INCIDENT + "." + severity, all).stream()
                .filter(this::isReachable)
                .toList();
    }

    /** An endpoint that is removed leaves its means without a destination. */
    private boolean isReachable(String means) {
        return !means.equals(WEBHOOK) || webhookEndpoint != null;
    }

    /** Until when a notification of an incident of this severity has to wait; null if it may come at once. */
    public @Nullable Instant waitsUntil(String severity, Instant now) {
        QuietHours quiet = quietHours;
        if (quiet == null
                || severity.equals(CRITICAL)
                || quiet.except().contains(INCIDENT)
                || quiet.except().contains(INCIDENT + "." + severity)) {
            return null;
        }
        return quiet.endOf(now, ZoneId.of(timeZone));
    }

    Preferences with(@Nullable UUID endpoint) {
        return new Preferences(timeZone, quietHours, telegramChatId, endpoint, kinds);
    }
}
