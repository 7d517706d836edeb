package io.tailrace.exporter.testing;

import io.tailrace.backends.Eventually;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** An export whose process is killed five times, wherever it is. */
public final class KilledExport {
    private static final TestBroker BROKER = TestBroker.shared();
    /** How often. */
    public static final int KILLS = 5;

    /** Also of an export of many more readings by hand. */
    private static final long END_LIMIT_S = 300;

    private static final int PARTITIONS = 2;

    private final TestSource source = new TestSource("readings-" + UUID.randomUUID(), PARTITIONS);
    private final UUID job = UUID.randomUUID();
    private final Path folder;
    private final int rowsPerFile;
    private final Class<?> main;
    private final LongSupplier progress;
    private final List<String> more;

    /**
     * Of a program.
     *
     * @param main takes servers, topic, folder, job, token, rows of a file, and what more there is
     * @param progress grows with what has been exported; each process lives until it has grown
     */
    public KilledExport(Path folder, int rowsPerFile, Class<?> main, LongSupplier progress, String... more) {
        this.folder = folder;
        this.rowsPerFile = rowsPerFile;
        this.main = main;
        this.progress = progress;
        this.more = List.of(more);
    }

    /** Writes readings to a topic of its own. */
    public void write(int readings) throws Exception {
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

    /** Exports them. */
    public void run() throws Exception {
        for (int kill = 1; kill <= KILLS; kill++) {
            Process process = start(kill);
            long before = progress.getAsLong();
            Eventually.holds("it has gone on", () -> progress.getAsLong() > before || !process.isAlive());
            process.destroyForcibly();
            var unused = ended("the killed attempt", process);
        }
        int status = ended("the last attempt", start(KILLS + 1));
        if (status != 0) {
            throw new IllegalStateException("the last attempt ended with " + status);
        }
    }

    private static int ended(String what, Process process) throws InterruptedException {
        if (!process.waitFor(END_LIMIT_S, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(what + " did not end within " + END_LIMIT_S + " s");
        }
        return process.exitValue();
    }

    /** What the log has. */
    public Tally ofLog() throws Exception {
        return Tally.ofLog(BROKER.settings(), source);
    }

    private Process start(int token) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                BROKER.bootstrap(),
                source.topic(),
                folder.toString(),
                job.toString(),
                String.valueOf(token),
                String.valueOf(rowsPerFile)));
        command.addAll(more);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(new File(folder.toFile(), "process-" + token + ".log"))
                .start();
    }
}
