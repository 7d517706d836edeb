package io.tailrace.contracts.event;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A dashboard was made or changed; the whole of it. Key: {@code owner/dashboard}, partitioned by the owner. A tombstone deletes it.
 *
 * @param id the dashboard's id
 * @param ownerId whose it is
 * @param name its name
 * @param range the range of time that it opens with: a length such as {@code 15m}, which ends now, or two times of RFC 3339 with
 *     {@code ..} between them
 * @param panels its panels, in their order
 * @param link the word with which anybody may read it; null if it is not shared
 * @param createdAt when it was made
 * @param changedAt when it was changed last
 */
public record DashboardSaved(
        UUID id,
        UUID ownerId,
        String name,
        String range,
        List<Panel> panels,
        @Nullable String link,
        Instant createdAt,
        Instant changedAt) {
    /**
     * Some metrics on one axis.
     *
     * @param title its title, or null
     * @param metrics the ids of the metrics
     * @param resolution {@code auto}, or the label of a resolution
     */
    public record Panel(@Nullable String title, List<UUID> metrics, String resolution) {}
}
