package io.tailrace.projections.testing;

import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.projections.position.Copy;
import io.tailrace.projections.position.Rows;
import io.tailrace.projections.projection.Projection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * A projection that is not idempotent: it counts how often each key was applied, so that a record that is applied twice
 * cannot hide.
 */
public final class Counting {
    private Counting() {}

    /** A projection of {@code topic}. */
    public static Copy<String> copy(String topic) {
        return new Copy<>(new Counter(topic), new Counts());
    }

    /** The table that it needs. */
    public static void createTable(TestPostgres.Database database) {
        database.execute("create table counts (id text primary key check (id <> 'refused'), n int not null)");
    }

    private record Counter(String topic) implements Projection<String> {
        @Override
        public String name() {
            return "counts-" + topic;
        }

        @Override
        public ParsedRecord<String> read(LogEntry entry) {
            return switch (entry) {
                case LogEntry.Tombstone tombstone -> new ParsedRecord.Ignored<>();
                case LogEntry.Fact fact ->
                    fact.event().type().equals("poison")
                            ? new ParsedRecord.Poison<>("it is poison")
                            : new ParsedRecord.Changes<>(fact.key());
            };
        }
    }

    private record Counts() implements Rows<String> {
        @Override
        public List<String> tables() {
            return List.of("counts");
        }

        @Override
        public void write(Connection connection, List<String> changes) throws SQLException {
            try (PreparedStatement count = connection.prepareStatement(
                    "insert into counts (id, n) values (?, 1)" + " on conflict (id) do update set n = counts.n + 1")) {
                for (String change : changes) {
                    count.setString(1, change);
                    count.addBatch();
                }
                count.executeBatch();
            }
        }
    }
}
