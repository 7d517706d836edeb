package io.tailrace.projections.position;

import io.tailrace.kit.consume.Source;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * Where a projection's rows are, with the position that they stand for. Thread-safe.
 *
 * @param <C> the projection's changes
 */
public interface Store<C> {
    /**
     * The positions to read from, one for each partition of the topic; those that are missing begin at zero. What was made
     * of another generation of the topic is thrown away first.
     *
     * @throws SQLException if PostgreSQL is away
     * @throws io.tailrace.kit.redis.RedisAway if Redis is
     */
    Positions positions(Source source) throws SQLException;

    /**
     * Throws everything away and begins again at zero, for a log that has lost what the rows were made from.
     *
     * @throws SQLException if PostgreSQL is away
     * @throws io.tailrace.kit.redis.RedisAway if Redis is
     */
    void rebuild(Source source) throws SQLException;

    /**
     * Writes a batch and moves the positions over it.
     *
     * @param source the topic as it was when the positions were read
     * @param moves at least one
     * @param changes those of one row in the order of the log; may be empty
     * @throws SQLException if PostgreSQL is away. Whether the batch was committed is then unknown: read the positions.
     * @throws io.tailrace.kit.redis.RedisAway if Redis is, likewise
     */
    Application apply(Source source, List<Move> moves, List<C> changes) throws SQLException;

    /**
     * Told after each turn how far behind the log's end the partitions are, in records. Does nothing unless somebody wants
     * to know.
     *
     * @return whether the store still is where it was left; if not, the positions are read again
     * @throws io.tailrace.kit.redis.RedisAway if Redis is away
     */
    default boolean behind(Source source, Map<Integer, Long> lags) {
        return true;
    }
}
