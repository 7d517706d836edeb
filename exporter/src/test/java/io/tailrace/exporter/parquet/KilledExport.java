package io.tailrace.exporter.parquet;

import io.tailrace.backends.Eventually;
import io.tailrace.exporter.testing.Tally;
import io.tailrace.exporter.testing.TestBroker;
import io.tailrace.exporter.testing.TestSource;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** An export whose process is killed five times, wherever it is. */
final class KilledExport {
    private static final TestBroker BROKER = TestBroker.shared();
    static final int KILLS = 5;
    private static final int PARTITIONS = 2;

    private final TestSource source = new TestSource("readings-" + UUID.randomUUID(), PARTITIONS);
    private final UUID job = UUID.randomUUID();
    private final Path folder;
    private final int rowsPerFile;

    KilledExport(Path folder, int rowsPerFile) {
        this.folder = folder;
        this.rowsPerFile = rowsPerFile;
    }

    void write(int readings) throws Exception {
        BROKER.create(source.topic(), source.partitions());
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int n = 0; n < readings; n++) {
            ProducerRecord<byte[], byte[]> record = TestBroker.reading(source.topic(), n % PARTITIONS, n);
            if (n < PARTITIONS) {
                // The first one of a partition waits until the producer knows the new topic.
                BROKER.send(record);
            } else {
                sent.add(BROKER.producer().send(record));
            }
        }
        for (Future<RecordMetadata> each : sent) {
            var unused = each.get();
        }
    }

    void run() throws Exception {
        for (int kill = 1; kill <= KILLS; kill++) {
            Process process = start(kill);
            long before = files();
            Eventually.holds("it has written another file", () -> files() > before || !process.isAlive());
            var unused = process.destroyForcibly().waitFor();
        }
        int status = start(KILLS + 1).waitFor();
        if (status != 0) {
            throw new IllegalStateException("the last attempt ended with " + status);
        }
    }

    Tally ofLog() throws Exception {
        return Tally.ofLog(BROKER.settings(), source);
    }

    Tally ofFiles() throws Exception {
        return Tally.ofFiles(folder.resolve("all"));
    }

    long files() {
        try (Stream<Path> all = Files.list(folder.resolve("all"))) {
            return all.filter(file -> file.toString().endsWith(".parquet")).count();
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Process start(int token) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ExportProcess.class.getName(),
                        BROKER.bootstrap(),
                        source.topic(),
                        folder.toString(),
                        job.toString(),
                        String.valueOf(token),
                        String.valueOf(rowsPerFile))
                .redirectErrorStream(true)
                .redirectOutput(new File(folder.toFile(), "process-" + token + ".log"))
                .start();
    }
}
