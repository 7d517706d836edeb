package io.tailrace.ingest.dashboard;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import io.tailrace.contracts.event.DashboardSaved;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A dashboard as its owner sees it.
 *
 * @param id its id
 * @param name its name
 * @param range the range of time that it opens with
 * @param panels its panels
 * @param shared whether anybody may read it who has its link
 * @param link the word of the link, which {@code GET} alone tells; null if it is not shared
 * @param createdAt when it was made
 * @param changedAt when it was changed last
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
record DashboardView(
        UUID id,
        String name,
        String range,
        List<PanelView> panels,
        boolean shared,
        @Nullable String link,
        Instant createdAt,
        Instant changedAt) {
    /** What a write answers: the answer is kept with its idempotency key, so it does not have the link. */
    static DashboardView withoutLink(DashboardSaved saved) {
        return new DashboardView(
                saved.id(),
                saved.name(),
                saved.range(),
                saved.panels().stream().map(PanelView::of).toList(),
                saved.link() != null,
                null,
                saved.createdAt(),
                saved.changedAt());
    }
}
