package io.tailrace.exporter.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.exporter.export.Bounds;
import io.tailrace.exporter.export.ExporterSettings;
import io.tailrace.exporter.export.LogRanges;
import io.tailrace.exporter.export.Range;
import io.tailrace.exporter.testing.Tally;
import io.tailrace.exporter.testing.TestBroker;
import io.tailrace.exporter.testing.TestSource;
import io.tailrace.kit.job.testing.FakeJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
@Tag("server")
class ParquetExportTest {
    private static final TestBroker BROKER = TestBroker.shared();

    private final UUID job = UUID.randomUUID();
    private final TestSource source = new TestSource("readings-" + UUID.randomUUID(), 3);
    private long written;

    private final Path folder;

    ParquetExportTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void topic() {
        BROKER.create(source.topic(), source.partitions());
    }

    private void write(int readings) {
        for (int i = 0; i < readings; i++) {
            BROKER.send(TestBroker.reading(source.topic(), (int) (written % 3), written));
            written++;
        }
    }

    private ParquetExport export(int rowsPerFile) {
        return new ParquetExport(
                new LogRanges(BROKER.settings()), new ExporterSettings(folder, rowsPerFile, 1 << 20, 64));
    }

    private ParquetExport.Request request(long most) {
        return new ParquetExport.Request("all", source, new Bounds(null, null, most));
    }

    private Path files() {
        return folder.resolve("all");
    }

    private List<String> names() throws Exception {
        try (Stream<Path> all = Files.list(files())) {
            return all.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".parquet"))
                    .sorted()
                    .toList();
        }
    }

    private void isWhole() throws Exception {
        assertThat(Tally.ofFiles(files())).isEqualTo(Tally.ofLog(BROKER.settings(), source));
        try (Stream<Path> all = Files.list(files())) {
            assertThat(all.filter(file -> file.toString().endsWith(".tmp"))).isEmpty();
        }
    }

    @Test
    void whatTheLogHasIsInTheFilesWithTheOffsetsInTheirNames() throws Exception {
        write(250);
        ParquetExport.Result result = export(50).run(request(Long.MAX_VALUE), FakeJob.of(job, 1));

        isWhole();
        assertThat(result.rows()).isEqualTo(250);
        assertThat(result.files()).isEqualTo(6);
        assertThat(names())
                .contains(
                        "readings-000-00000000000000000000-00000000000000000049.parquet",
                        "readings-000-00000000000000000050-00000000000000000083.parquet");
    }

    @Test
    void anAttemptThatWasStoppedIsGoneOnWithAndWhatCameMeanwhileIsForTheNextJob() throws Exception {
        write(600);
        for (int attempt = 1; attempt <= 3; attempt++) {
            FakeJob stopped = FakeJob.stopping(job, attempt, 2);
            assertThatThrownBy(() -> export(40).run(request(Long.MAX_VALUE), stopped))
                    .isInstanceOf(InterruptedException.class);
            write(10);
        }

        ParquetExport.Result result = export(77).run(request(Long.MAX_VALUE), FakeJob.of(job, 4));
        assertThat(result.rows()).isEqualTo(600);
        assertThat(result.files()).as("cut as the first attempt planned").isEqualTo(15);
        assertThat(export(77).run(request(Long.MAX_VALUE), FakeJob.of(job, 5)).rows())
                .as("one that runs after the end")
                .isEqualTo(600);

        ParquetExport.Result next = export(77).run(request(Long.MAX_VALUE), FakeJob.of(UUID.randomUUID(), 1));
        assertThat(next.rows()).isEqualTo(30);
        isWhole();
    }

    @Test
    void abortedRecordsMarksOfTransactionsAndWhatIsNoReadingAreNoRows() throws Exception {
        write(10);
        try (KafkaProducer<byte[], byte[]> transactional = BROKER.transactional()) {
            transactional.beginTransaction();
            transactional.send(TestBroker.reading(source.topic(), 0, 900));
            transactional.abortTransaction();
            transactional.beginTransaction();
            transactional.send(TestBroker.reading(source.topic(), 0, 901));
            transactional.commitTransaction();
        }
        BROKER.awaitDecided(source.topic());
        BROKER.send(new ProducerRecord<>(source.topic(), 1, new byte[] {1}, new byte[] {2}));
        BROKER.send(new ProducerRecord<>(source.topic(), 2, new byte[] {1}, null));

        ParquetExport.Result result = export(1000).run(request(Long.MAX_VALUE), FakeJob.of(job, 1));

        isWhole();
        assertThat(result.rows()).isEqualTo(11);
        assertThat(result.records()).isEqualTo(2);
        // Nothing is new: the marks behind the last record are exported, too.
        ParquetExport.Result again = export(1000).run(request(Long.MAX_VALUE), FakeJob.of(UUID.randomUUID(), 1));
        assertThat(again.files()).isZero();
        assertThat(again.ranges()).allMatch(range -> range.length() == 0);
    }

    @Test
    void soManyAsWereAskedForAndTheNextJobGoesOn() throws Exception {
        write(90);
        assertThat(export(1000).run(request(12), FakeJob.of(job, 1)).ranges())
                .containsExactly(new Range(0, 0, 12), new Range(1, 0, 12), new Range(2, 0, 12));
        assertThat(export(1000)
                        .run(request(Long.MAX_VALUE), FakeJob.of(UUID.randomUUID(), 1))
                        .rows())
                .isEqualTo(54);
        isWhole();
    }

    @Test
    void whatTheLogHasNoLongerIsCounted() throws Exception {
        write(90);
        export(1000).run(request(12), FakeJob.of(job, 1));
        BROKER.deleteRecordsBelow(source.topic(), 0, 20);

        ParquetExport.Result result = export(1000).run(request(Long.MAX_VALUE), FakeJob.of(UUID.randomUUID(), 1));

        assertThat(result.lost()).isEqualTo(8);
        assertThat(result.rows()).isEqualTo(46);
    }

    @Test
    void anAttemptThatWasFrozenChangesNothing() throws Exception {
        write(300);
        assertThatThrownBy(() -> export(40).run(request(Long.MAX_VALUE), FakeJob.stopping(job, 1, 2)))
                .isInstanceOf(InterruptedException.class);
        write(100);
        export(40).run(request(Long.MAX_VALUE), FakeJob.of(job, 2));
        export(40).run(request(Long.MAX_VALUE), FakeJob.of(UUID.randomUUID(), 1));
        List<String> before = names();

        export(40).run(request(Long.MAX_VALUE), FakeJob.of(job, 1));

        assertThat(names()).isEqualTo(before);
        isWhole();
    }
}
