package io.tailrace.exporter.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.exporter.bigquery.BigQueryStandIn.Fault;
import io.tailrace.exporter.testing.KilledExport;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that exports is killed five times, and each tenth answer of the stand-in is lost. By hand with more readings: {@code
 * -Dexport.readings=1000000}.
 */
@Timeout(600)
@Tag("server")
class KilledBigQueryExportTest {
    private static final Logger LOG = LoggerFactory.getLogger(KilledBigQueryExportTest.class);
    private static final int READINGS = Integer.getInteger("export.readings", 5_000);
    private static final int SEGMENTS = 20;

    /** About four appends for each segment, so that kills are in the middle of most. */
    private static final int APPEND_BYTES = 25 * READINGS / SEGMENTS;

    @Test
    void everyReadingIsInTheTableOnce(@TempDir Path folder) throws Exception {
        try (BigQueryStandIn bigQuery = new BigQueryStandIn()) {
            bigQuery.table(ReadingsTable.TABLE, ReadingsTable.schema());
            AtomicInteger appends = new AtomicInteger();
            bigQuery.faultsOf(() -> appends.incrementAndGet() % 10 == 0 ? Fault.DROP_ANSWER : Fault.NONE);
            KilledExport export = new KilledExport(
                    folder,
                    READINGS / SEGMENTS,
                    BigQueryExportProcess.class,
                    appends::get,
                    String.valueOf(bigQuery.port()),
                    String.valueOf(APPEND_BYTES));
            export.write(READINGS);

            export.run();

            LOG.info(
                    "{} kills, {} appends; log {}, table {}",
                    KilledExport.KILLS,
                    appends.get(),
                    export.ofLog(),
                    ReadingsTable.tally(bigQuery));
            assertThat(ReadingsTable.tally(bigQuery)).isEqualTo(export.ofLog());
            assertThat(ReadingsTable.tally(bigQuery).rows()).isEqualTo(READINGS);
        }
    }
}
