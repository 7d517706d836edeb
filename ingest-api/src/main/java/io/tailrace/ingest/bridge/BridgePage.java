package io.tailrace.ingest.bridge;

import io.micronaut.core.annotation.Introspected;
import java.util.List;

/**
 * All bridges, by name.
 *
 * @param bridges the bridges
 */
@Introspected
record BridgePage(List<BridgeView> bridges) {}
