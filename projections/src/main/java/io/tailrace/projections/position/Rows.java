package io.tailrace.projections.position;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The tables of a projection: the half that writes. Stateless and thread-safe.
 *
 * @param <C> the projection's changes
 */
public interface Rows<C> {
    /** The tables that hold this projection and nothing else; a rebuild truncates them. */
    List<String> tables();

    /**
     * Writes changes in as few statements as there are kinds of change.
     *
     * @param connection within a transaction, which the caller ends
     * @param changes at least one; those of one row are in the order of the log
     * @throws SQLException if PostgreSQL refuses or is away; nothing of the transaction may be kept then
     */
    void write(Connection connection, List<C> changes) throws SQLException;

    /**
     * Told after a transaction that wrote changes has been committed, so that others can be told that there is something new to
     * read. Not told if the process dies in between. Must not block or throw.
     */
    default void committed(List<C> changes) {}
}
