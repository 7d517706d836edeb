package io.tailrace.ingest.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A page of endpoints, the newest first.
 *
 * @param webhooks the endpoints
 * @param next what {@code before} of the next page is; missing on the last one
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
record EndpointPage(List<EndpointView> webhooks, @Nullable UUID next) {}
