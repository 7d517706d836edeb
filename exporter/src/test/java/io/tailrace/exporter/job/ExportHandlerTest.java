package io.tailrace.exporter.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.exporter.export.ExporterSettings;
import io.tailrace.exporter.export.LogRanges;
import io.tailrace.exporter.export.Sources;
import io.tailrace.exporter.parquet.ParquetExport;
import io.tailrace.exporter.testing.FakeJob;
import io.tailrace.kit.job.JobFailure;
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
        ExportHandler handler = new ExportHandler(
                new Sources(Namespaces.builtIn()),
                new ParquetExport(
                        new LogRanges(KafkaSettings.of("127.0.0.1:1")), new ExporterSettings(folder, 1, 1, 64)));
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
        isRefused(new ExportPayload(name, source, from, to, most), reason);
    }

    @Test
    void settingsOutOfRangeAreNamed() {
        assertThatThrownBy(() -> new ExporterSettings(folder, 0, 1, 64))
                .hasMessage("tailrace.exporter.rows-per-file: 0, expected 1 to 10000000");
    }
}
