package io.tailrace.ingest.incident;

import io.micronaut.core.annotation.Introspected;
import org.jspecify.annotations.Nullable;

/**
 * An incident, as it is described to clients. The body of a webhook of Alertmanager is taken as well.
 *
 * @param title one line, at most 200 characters
 * @param text more about it, at most 20,000 characters
 * @param severity a word such as critical
 * @param dedupeKey nobody is told twice of incidents with the same key within some hours
 */
@Introspected
record NewIncident(String title, String text, String severity, @Nullable String dedupeKey) {}
