package io.tailrace.ingest.job;

import io.micronaut.core.annotation.Introspected;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of schedules.
 *
 * @param schedules by name, without their payloads
 * @param next the {@code after} of the next page, or null if there is none
 */
@Introspected
record SchedulePage(List<ScheduleDetails> schedules, @Nullable String next) {}
