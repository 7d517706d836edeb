package io.tailrace.exporter.testing;

import io.tailrace.exporter.export.LogRanges;
import io.tailrace.exporter.export.Range;
import io.tailrace.exporter.export.Source;
import io.tailrace.kit.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * How many rows there are, and a sum of the checksums of each, whatever their order: a row that is there twice, missing or altered makes another
 * sum.
 *
 * @param rows how many
 * @param sum of the checksums of all of them
 */
public record Tally(long rows, long sum) {
    /** Of no rows. */
    public static final Tally NOTHING = new Tally(0, 0);

    /** With another row. */
    public Tally with(@Nullable Object... values) {
        StringBuilder text = new StringBuilder();
        for (Object value : values) {
            text.append(value).append('|');
        }
        CRC32 crc = new CRC32();
        crc.update(text.toString().getBytes(StandardCharsets.UTF_8));
        return new Tally(rows + 1, sum + crc.getValue());
    }

    /** Of the readings in the log. */
    public static Tally ofLog(KafkaSettings kafka, Source source) throws Exception {
        LogRanges log = new LogRanges(kafka);
        Tally[] tally = {NOTHING};
        for (Range range : log.available(source, null, null)) {
            log.read(source, range, () -> false, record -> {
                Optional<@Nullable Object[]> row = source.row(record);
                if (row.isPresent()) {
                    Instant time = (Instant) row.get()[5];
                    tally[0] = tally[0].with(
                            row.get()[0], row.get()[1], row.get()[2], row.get()[3], row.get()[4], micros(time));
                }
            });
        }
        return tally[0];
    }

    private static long micros(@Nullable Instant time) {
        return time == null ? 0 : ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    /** Of the readings in the Parquet files of a folder, by another reader than ours. */
    public static Tally ofFiles(Path folder) throws Exception {
        Tally tally = NOTHING;
        try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery("select log_partition, log_offset, id, metric_id, value,"
                        + " epoch_us(timestamp) from read_parquet('" + folder + "/*.parquet')")) {
            while (rows.next()) {
                tally = tally.with(
                        rows.getLong(1),
                        rows.getLong(2),
                        rows.getString(3),
                        rows.getString(4),
                        rows.getDouble(5),
                        rows.getLong(6));
            }
        }
        return tally;
    }
}
