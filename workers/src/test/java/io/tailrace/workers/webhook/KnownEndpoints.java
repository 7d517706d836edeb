package io.tailrace.workers.webhook;

import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Endpoints in memory. */
final class KnownEndpoints implements Endpoints {
    final Map<UUID, Endpoint> all = new ConcurrentHashMap<>();
    volatile boolean isAway;

    @Override
    public Optional<Endpoint> find(UUID id) throws SQLException {
        check();
        return Optional.ofNullable(all.get(id));
    }

    @Override
    public void disable(Endpoint endpoint) throws SQLException {
        check();
        var unused = all.computeIfPresent(
                endpoint.id(), (id, is) -> new Endpoint(id, is.url(), is.events(), is.secrets(), false));
    }

    private void check() throws SQLException {
        if (isAway) {
            throw new SQLException("the database is away");
        }
    }
}
