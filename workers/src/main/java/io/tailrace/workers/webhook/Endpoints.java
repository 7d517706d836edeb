package io.tailrace.workers.webhook;

import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/** The endpoints that are registered. Thread-safe; blocks. */
interface Endpoints {
    /**
     * An endpoint as it is now.
     *
     * @throws SQLException if that cannot be found out
     */
    Optional<Endpoint> find(UUID id) throws SQLException;

    /**
     * Has an endpoint get nothing more, because it said that it is gone; unless it was given another URL meanwhile.
     *
     * @throws SQLException if that cannot be kept
     */
    void disable(Endpoint endpoint) throws SQLException;
}
