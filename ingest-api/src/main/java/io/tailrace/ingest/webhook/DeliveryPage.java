package io.tailrace.ingest.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of an endpoint's deliveries, those that were enqueued last first.
 *
 * @param deliveries the deliveries
 * @param next what {@code before} of the next page is; missing on the last one
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
record DeliveryPage(List<DeliveryView> deliveries, @Nullable String next) {}
