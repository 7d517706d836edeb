package io.tailrace.workers.bridge;

import io.tailrace.contracts.bridge.Bridge;
import io.tailrace.contracts.bridge.BridgedMetric;
import io.tailrace.contracts.job.ScheduleEvents.ScheduleSet;
import io.tailrace.kit.json.Json;
import io.tailrace.workers.bridge.sequence.SequenceCounts;
import io.tailrace.workers.bridge.sequence.SourcePosition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Which bridges there are, by the copy of the schedules, and how far they are: the table {@code bridge_positions}. The rows of a bridge have a
 * holder, the attempt that claimed them last. Each call is a transaction of its own. Thread-safe; blocks.
 */
final class BridgeTable {
    private static final String CLAIM =
            """
            insert into bridge_positions as p (bridge, remote, name, metric_id, job_id, token, numbering, state)
            values (?, ?, ?, ?, ?, ?, ?, 'connecting')
            on conflict (bridge, remote) do update set
                name = excluded.name, metric_id = excluded.metric_id, job_id = excluded.job_id, token = excluded.token,
                numbering = excluded.numbering, state = excluded.state, error_type = null, error = null, seen_at = now(),
                cursor = case when p.numbering = excluded.numbering then p.cursor else '' end,
                last_gap = case when p.numbering = excluded.numbering then p.last_gap end,
                readings = p.readings * (p.numbering = excluded.numbering)::int,
                duplicates = p.duplicates * (p.numbering = excluded.numbering)::int,
                refused = p.refused * (p.numbering = excluded.numbering)::int,
                conflated = p.conflated * (p.numbering = excluded.numbering)::int,
                gaps = p.gaps * (p.numbering = excluded.numbering)::int,
                reconnects = p.reconnects * (p.numbering = excluded.numbering)::int
            where p.job_id <> excluded.job_id or p.token <= excluded.token
            returning epoch, sequence, cursor, last_at, pending
            """;

    private static final String MOVE =
            """
            update bridge_positions set epoch = ?, sequence = ?, cursor = ?, last_at = ?, pending = ?, state = ?, error_type = null,
                error = null, readings = readings + ?, duplicates = duplicates + ?, refused = refused + ?,
                conflated = conflated + ?, gaps = gaps + ?, last_gap = coalesce(?, last_gap), seen_at = now()
            where bridge = ? and remote = ? and job_id = ? and token = ?
            """;

    private static final String FAIL =
            """
            update bridge_positions set state = ?, error_type = ?, error = ?, reconnects = reconnects + 1, seen_at = now()
            where bridge = ? and remote = ? and job_id = ? and token = ?
            """;

    /** Of bridges that were deleted. A copy of the schedules that is made anew lacks some for a while. */
    private static final String FORGET =
            """
            delete from bridge_positions p where p.seen_at < now() - interval '1 day'
                and not exists (select from schedules s where s.name = ? || p.bridge)
            """;

    private final DataSource database;

    /** The table over a pool of connections. */
    BridgeTable(DataSource database) {
        this.database = database;
    }

    /**
     * An attempt at the job of a bridge.
     *
     * @param token grows with each attempt at the same job
     */
    record Holder(UUID jobId, long token) {}

    /**
     * A step of a metric.
     *
     * @param state {@code history} or {@code live}
     * @param counts what was done since the last step
     * @param pending what is to be written into the log, as JSON; null for nothing
     * @param lastGap as JSON; null if there was none in this step
     */
    record Step(
            SourcePosition position,
            @Nullable String pending,
            String state,
            SequenceCounts counts,
            @Nullable String lastGap) {}

    /**
     * Where a metric goes on.
     *
     * @param pending what was copied with the last step, and may not be in the log; null for nothing
     */
    record Claimed(SourcePosition position, @Nullable String pending) {
        /** Before anything was copied. */
        static final Claimed NONE = new Claimed(SourcePosition.NONE, null);
    }

    /** The bridge of a name, as it was set last; empty if there is none. */
    Optional<Bridge> find(String bridge) throws SQLException, IOException {
        try (Connection connection = database.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select definition from schedules where name = ?")) {
            select.setString(1, Bridge.schedule(bridge));
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next()) {
                    return Optional.empty();
                }
                ScheduleSet set = Json.read(rows.getString(1).getBytes(StandardCharsets.UTF_8), ScheduleSet.class);
                Object payload = Optional.ofNullable(set.payload()).orElseThrow();
                return Optional.of(Json.read(Json.write(payload), Bridge.class));
            }
        }
    }

    /** Whether there is a metric, as far as it was copied. */
    boolean isMetric(UUID id) throws SQLException {
        return exists("select from metrics where id = ?", id);
    }

    /** Whether anything of a bridge was ever copied, or tried. */
    boolean isKnown(String bridge) throws SQLException {
        return exists("select from bridge_positions where bridge = ? limit 1", bridge);
    }

    private boolean exists(String sql, Object key) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setObject(1, key);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next();
            }
        }
    }

    /**
     * Makes an attempt the holder of the rows of a bridge's metrics, and takes those of bridges away that are long gone. Where the numbering is
     * another one, the cursor is of no use, what was copied is known by its time, and the counts begin anew. Rows of metrics that the bridge
     * does not have now stay: it may have them again.
     *
     * @return where each metric goes on, by what the source calls it; empty if a later attempt at the same job is the holder
     */
    Optional<Map<String, Claimed>> claim(Bridge bridge, Holder holder) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                Optional<Map<String, Claimed>> positions = claim(connection, bridge, holder);
                if (positions.isPresent()) {
                    forgetOld(connection);
                    connection.commit();
                } else {
                    connection.rollback();
                }
                return positions;
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    private static Optional<Map<String, Claimed>> claim(Connection connection, Bridge bridge, Holder holder)
            throws SQLException {
        Map<String, Claimed> positions = new HashMap<>();
        try (PreparedStatement claim = connection.prepareStatement(CLAIM)) {
            for (BridgedMetric metric : bridge.metrics()) {
                claim.setString(1, bridge.name());
                claim.setString(2, metric.remote());
                claim.setString(3, metric.name());
                claim.setObject(4, bridge.metricId(metric));
                claim.setObject(5, holder.jobId());
                claim.setLong(6, holder.token());
                claim.setString(7, bridge.numbering(metric));
                try (ResultSet rows = claim.executeQuery()) {
                    if (!rows.next()) {
                        return Optional.empty();
                    }
                    OffsetDateTime lastAt = rows.getObject(4, OffsetDateTime.class);
                    positions.put(
                            metric.remote(),
                            new Claimed(
                                    new SourcePosition(
                                            rows.getString(1),
                                            rows.getLong(2),
                                            rows.getString(3),
                                            lastAt == null ? null : lastAt.toInstant()),
                                    rows.getString(5)));
                }
            }
        }
        return Optional.of(positions);
    }

    private static void forgetOld(Connection connection) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(FORGET)) {
            delete.setString(1, Bridge.SCHEDULE_PREFIX);
            delete.executeUpdate();
        }
    }

    /** Stores a step of a metric; returns whether the attempt is the holder. */
    boolean move(String bridge, String remote, Holder holder, Step step) throws SQLException {
        SourcePosition position = step.position();
        SequenceCounts counts = step.counts();
        return update(
                MOVE,
                position.epoch(),
                position.sequence(),
                position.cursor(),
                time(position.lastAt()),
                step.pending(),
                step.state(),
                counts.readings(),
                counts.duplicates(),
                counts.refused(),
                counts.conflated(),
                counts.gaps(),
                step.lastGap(),
                bridge,
                remote,
                holder.jobId(),
                holder.token());
    }

    /** Says that a metric is not copied at present; returns whether the attempt is the holder. */
    boolean fail(String bridge, String remote, Holder holder, SourceFailure failure) throws SQLException {
        return update(
                FAIL, "failing", failure.type(), failure.message(), bridge, remote, holder.jobId(), holder.token());
    }

    /** Says that nothing of a bridge is copied at present; returns whether the attempt is the holder. */
    boolean failAll(String bridge, Holder holder, SourceFailure failure) throws SQLException {
        return update(
                "update bridge_positions set state = 'failing', error_type = ?, error = ?, seen_at = now()"
                        + " where bridge = ? and job_id = ? and token = ?",
                failure.type(),
                failure.message(),
                bridge,
                holder.jobId(),
                holder.token());
    }

    /** Says that a source has not answered yet; returns whether the attempt is the holder. */
    boolean connecting(String bridge, String remote, Holder holder) throws SQLException {
        return update(
                "update bridge_positions set state = 'connecting', error_type = null, error = null, seen_at = now()"
                        + " where bridge = ? and remote = ? and job_id = ? and token = ?",
                bridge,
                remote,
                holder.jobId(),
                holder.token());
    }

    /** Says that the attempt is there; returns whether it is the holder. */
    boolean touch(String bridge, Holder holder) throws SQLException {
        return update(
                "update bridge_positions set seen_at = now() where bridge = ? and job_id = ? and token = ?",
                bridge,
                holder.jobId(),
                holder.token());
    }

    /** Says that what was pending is in the log; returns whether the attempt is the holder. */
    boolean written(String bridge, String remote, Holder holder) throws SQLException {
        return update(
                "update bridge_positions set pending = null where bridge = ? and remote = ? and job_id = ? and token ="
                        + " ?",
                bridge,
                remote,
                holder.jobId(),
                holder.token());
    }

    private boolean update(String sql, @Nullable Object... parameters) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                update.setObject(i + 1, parameters[i]);
            }
            return update.executeUpdate() > 0;
        }
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant at) {
        return at == null ? null : at.atOffset(ZoneOffset.UTC);
    }
}
