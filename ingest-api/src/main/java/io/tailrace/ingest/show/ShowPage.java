package io.tailrace.ingest.show;

import io.micronaut.core.annotation.Introspected;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A page of the shows.
 *
 * @param shows the newest first
 * @param next the value of {@code before} that gets the next page, or null after the last one
 */
@Introspected
record ShowPage(List<ShowView> shows, @Nullable UUID next) {}
