package io.tailrace.ingest.webhook;

import io.micronaut.core.annotation.Introspected;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of an endpoint, as it is described to clients; what is missing stays as it is.
 *
 * @param url where it is
 * @param events patterns of the types of events that it wants
 * @param state {@code enabled} or {@code disabled}
 */
@Introspected
record EndpointChange(@Nullable String url, @Nullable List<String> events, @Nullable String state) {}
