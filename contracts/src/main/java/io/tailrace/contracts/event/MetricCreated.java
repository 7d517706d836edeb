package io.tailrace.contracts.event;

import java.util.UUID;

/**
 * A metric came to be. Key: the metric's id.
 *
 * @param id the metric's id
 * @param name its name
 */
public record MetricCreated(UUID id, String name) {}
