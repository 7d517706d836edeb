package io.tailrace.ingest.publish;

import io.micronaut.core.annotation.Introspected;
import java.util.List;

/**
 * The answer to publishing.
 *
 * @param events the events, in the order of the request
 */
@Introspected
record Published(List<Placed> events) {
    /**
     * An event that is in the log.
     *
     * @param id its id
     * @param position the cursor of a subscriber that has seen its channel up to and including it
     */
    @Introspected
    record Placed(String id, String position) {}
}
