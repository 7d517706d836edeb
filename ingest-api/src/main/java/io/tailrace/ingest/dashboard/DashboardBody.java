package io.tailrace.ingest.dashboard;

import io.micronaut.core.annotation.Introspected;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dashboard as a request has it, as it is described to clients.
 *
 * @param name its name, of 1 to 100 characters
 * @param range the range of time that it opens with: a length such as {@code 15m}, which ends now, or two times of RFC 3339 with
 *     {@code ..} between them; {@code 15m} if it is missing
 * @param panels its panels
 * @param shared whether anybody may read it who has its link; not if it is missing
 */
@Introspected
record DashboardBody(String name, @Nullable String range, List<PanelView> panels, @Nullable Boolean shared) {}
