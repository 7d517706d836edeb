package io.tailrace.ingest.dashboard;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A page of somebody's dashboards, the newest first.
 *
 * @param dashboards the dashboards
 * @param next the value of {@code before} that gets the next page; missing on the last one
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
record DashboardPage(List<DashboardView> dashboards, @Nullable UUID next) {}
