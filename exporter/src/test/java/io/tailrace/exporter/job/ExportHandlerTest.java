package io.tailrace.exporter.job;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.exporter.bigquery.BigQueryClients;
import io.tailrace.exporter.bigquery.BigQueryExport;
import io.tailrace.exporter.bigquery.BigQuerySettings;
import io.tailrace.exporter.export.ExporterSettings;
import io.tailrace.exporter.export.LogRanges;
import io.tailrace.exporter.export.Sources;
import io.tailrace.exporter.parquet.ParquetExport;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.testing.FakeJob;
import io.tailrace.kit.kafka.KafkaSettings;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExportHandlerTest {
    private final Path folder;

    ExportHandlerTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private void isRefused(ExportPayload payload, String reason) {
        LogRanges log = new LogRanges(KafkaSettings.of("127.0.0.1:1"));
        ExporterSettings settings = new ExporterSettings(folder, 1, 1, 64);
        ExportHandler handler = new ExportHandler(
                new Sources(Namespaces.builtIn()),
                new ParquetExport(log, settings),
                new BigQueryExport(
                        log, settings, new BigQueryClients(new BigQuerySettings("", ofMinutes(1), ofMinutes(1)))));
        assertThatThrownBy(() -> handler.run(payload, FakeJob.of(UUID.randomUUID(), 1)))
                .isInstanceOfSatisfying(JobFailure.class, failure -> {
                    assertThat(failure.isFinal()).isTrue();
                    assertThat(failure.type()).isEqualTo("invalid_payload");
                })
                .hasMessageContaining(reason);
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({
        "../x, readings, , , , expected [a-z]",
        "/etc, readings, , , , expected [a-z]",
        "a, nothing, , , , expected one of",
        "a, readings, yesterday, , , expected a time",
        "a, readings, 2026-01-02T00:00:00Z, 2026-01-01T00:00:00Z, , expected a time after from",
        "a, readings, , , 0, expected at least 1"
    })
    void whatCannotBeExportedIsRefusedForGood(
            String name,
            String source,
            @Nullable String from,
            @Nullable String to,
            @Nullable Long most,
            String reason) {
        isRefused(new ExportPayload(name, source, from, to, most, null, null), reason);
    }

    @ParameterizedTest
    @CsvSource({
        "bigquery, , table: is missing",
        "bigquery, events.readings, expected project.dataset.table",
        "bigquery, some-project.events.a/b, expected project.dataset.table",
        "bigquery, some-project.e-vents.readings, expected project.dataset.table",
        "parquet, some-project.events.readings, expected with the target bigquery alone",
        ", some-project.events.readings, expected with the target bigquery alone",
        "csv, , expected parquet or bigquery"
    })
    void aTableThatCannotBeOneIsRefusedForGood(@Nullable String target, @Nullable String table, String reason) {
        isRefused(new ExportPayload("a", "readings", null, null, null, target, table), reason);
    }

    @Test
    void settingsOutOfRangeAreNamed() {
        assertThatThrownBy(() -> new ExporterSettings(folder, 0, 1, 64))
                .hasMessage("tailrace.exporter.rows-per-file: 0, expected 1 to 10000000");
        assertThatThrownBy(() -> new BigQuerySettings("https://x", ofMinutes(1), ofMinutes(1)))
                .hasMessage("tailrace.exporter.bigquery.endpoint: \"https://x\", expected host:port or nothing");
        assertThatThrownBy(() -> new BigQuerySettings("", ofMinutes(0), ofMinutes(1)))
                .hasMessage("tailrace.exporter.bigquery.answer-timeout: PT0S, expected 1 ms to 1 h");
    }
}
