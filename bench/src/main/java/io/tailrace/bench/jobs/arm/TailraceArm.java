package io.tailrace.bench.jobs.arm;

import io.tailrace.bench.jobs.worker.EmptyHandler;
import io.tailrace.bench.jobs.worker.WorkerMain;
import io.tailrace.bench.stand.CpuMeter;
import io.tailrace.bench.stand.Stand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Tailrace: commands in the log, the stand's dispatcher, and the service {@code workers} in a process of its own. */
public final class TailraceArm implements Arm {
    private static final String TYPES =
            EmptyHandler.TYPE + ".queue=default\n" + EmptyHandler.TYPE + ".workers=" + EmptyHandler.GROUP + "\n";
    private static final long DONE_MS = 30_000;

    private final Stand stand;
    private final String bootstrap;
    private final JobProcess workers;
    private final KafkaProducer<byte[], byte[]> single;
    private final KafkaProducer<byte[], byte[]> many;
    private final AtomicReference<@Nullable Exception> fault = new AtomicReference<>();

    /** Starts the workers; the first job runs when they are ready. */
    public TailraceArm(Stand stand, Path board) throws IOException {
        this.stand = stand;
        this.bootstrap = stand.environment("TAILRACE_KAFKA_BOOTSTRAP");
        this.single = producer(0, 16_384);
        this.many = producer(5, 131_072);
        Path types = stand.data().resolve("bench-types.properties");
        Files.writeString(types, TYPES);
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        this.workers = new JobProcess(
                stand,
                "bench-workers",
                classPath(stand.root()),
                WorkerMain.class,
                board,
                Map.of(
                        "TAILRACE_JOB_TYPES_FILE", types.toString(),
                        "TAILRACE_WORKERS_GROUP", EmptyHandler.GROUP,
                        "TAILRACE_HTTP_PORT", String.valueOf(port)));
    }

    /** That of the service, and behind it this benchmark's own classes with the handler. */
    private static String classPath(Path root) throws IOException {
        Path target = root.resolve("workers").resolve("target");
        String bench = System.getProperty("java.class.path").split(java.io.File.pathSeparator)[0];
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(target, "workers-*.jar")) {
            for (Path jar : jars) {
                return String.join(
                        java.io.File.pathSeparator,
                        jar.toString(),
                        Files.readString(target.resolve("classpath")).strip(),
                        bench);
            }
        }
        throw new IOException(target + " has no workers-*.jar");
    }

    private KafkaProducer<byte[], byte[]> producer(int lingerMs, int batchBytes) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all", "linger.ms", lingerMs, "batch.size", batchBytes),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @Override
    public String name() {
        return "Tailrace";
    }

    @Override
    public void enqueue(int number) {
        send(single, Commands.enqueue(number, null));
    }

    @Override
    public void enqueueAll(int from, int to) {
        for (int number = from; number < to; number++) {
            send(many, Commands.enqueue(number, null));
        }
    }

    @Override
    public void enqueueAt(int number, long runAtMs) {
        send(many, Commands.enqueue(number, Instant.ofEpochMilli(runAtMs)));
    }

    /** So that it is seen now and then how long it takes. */
    @Override
    public int fillAtOnce() {
        return 50_000;
    }

    @Override
    public void fill(int from, int to, long firstMs, long lastMs) throws InterruptedException {
        for (int number = from; number < to; number++) {
            enqueueAt(number, firstMs + (long) ((double) (lastMs - firstMs) * (number - from) / (to - from)));
        }
        flush();
    }

    private void send(KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
        var unused = producer.send(record, (metadata, failure) -> {
            if (failure != null) {
                fault.compareAndSet(null, failure);
            }
        });
    }

    @Override
    public void flush() throws InterruptedException {
        single.flush();
        many.flush();
        Exception failure = fault.get();
        if (failure != null) {
            throw new IllegalStateException("a job was not enqueued", failure);
        }
    }

    /** Kills the dispatcher with SIGKILL; the launcher starts it again. */
    public void killDispatcher() throws IOException, InterruptedException, ExecutionException {
        ProcessHandle process = ProcessHandle.of(stand.pid("event-dispatcher")).orElseThrow();
        var unused = process.destroyForcibly();
        process.onExit().get();
    }

    /** Nothing is left of a round that the next one would meet. */
    @Override
    public void settle() {}

    @Override
    public void loaded() {}

    /** Its processes only wait: there is nothing to stop that would not be taken for lost. */
    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public Map<String, Double> cpuSeconds() throws IOException {
        CpuMeter.Snapshot now = CpuMeter.now();
        Map<String, Double> parts = new LinkedHashMap<>();
        parts.put("kafka", now.seconds(stand.pid("kafka")));
        parts.put("event-dispatcher", now.seconds(stand.pid("event-dispatcher")));
        parts.put("postgres", now.seconds(stand.pid("postgres")));
        double all = now.seconds(stand.pid());
        double known = parts.values().stream().mapToDouble(Double::doubleValue).sum();
        // The process that has started the others, and hosts projections where there are any.
        parts.put("services", all - known);
        parts.put("workers", now.seconds(workers.pid()));
        parts.put("enqueuer", now.secondsOf(ProcessHandle.current().pid()));
        return parts;
    }

    @Override
    public long notDoneOnce(BitSet done) throws InterruptedException {
        long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DONE_MS);
        try (Outcomes outcomes = new Outcomes(bootstrap)) {
            while (true) {
                outcomes.read();
                BitSet missing = (BitSet) done.clone();
                missing.andNot(outcomes.succeeded());
                if (missing.isEmpty() || System.nanoTime() - untilNs > 0) {
                    return missing.cardinality() + outcomes.repeated();
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        workers.close();
        single.close();
        many.close();
    }
}
