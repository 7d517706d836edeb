package io.tailrace.bench.seats.topology;

import io.tailrace.bench.report.Report;
import io.tailrace.bench.report.Row;
import io.tailrace.bench.stand.PacedSender;
import io.tailrace.bench.stand.Stand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Decisions of the running dispatcher, with its RocksDB store and its transactions, against a real broker, all on this
 * machine: how many in a second when there is always more to do, and how long one takes at a steady rate, from the moment
 * a command was due to be appended to the moment a reader of committed records has its answer.
 */
@Command(name = "seats-topology", description = "Decisions on seats between Kafka and Kafka, without HTTP.")
public final class SeatsTopologyBench implements Callable<Integer> {
    private static final String WITHOUT = "search,telemetry,postgres,redis,ingest-api,sse-edge,projections,workers";
    private static final int SHOWS = 24;
    private static final int[] RATES = {300, 1_000};

    @Option(names = "--quick", description = "Short.")
    private boolean quick;

    @Option(names = "--json", description = "The last line of stdout is the result as JSON.")
    private boolean json;

    private final List<Row> rows = new ArrayList<>();
    private final Map<String, Double> figures = new LinkedHashMap<>();

    @Override
    public Integer call() throws Exception {
        int seconds = quick ? 5 : 20;
        int saturated = quick ? 150_000 : 600_000;
        Map<String, Object> settings = new LinkedHashMap<>();
        try (Stand stand = Stand.up(WITHOUT)) {
            // Not counted: class loading and compilation are not what is measured.
            saturate(stand, saturated / 2, "");
            for (int rate : RATES) {
                paced(stand, rate, rate * seconds);
            }
            saturate(stand, saturated, "at saturation");
        }
        settings.put("seconds_per_rate", seconds);
        settings.put("commands_at_saturation", saturated);
        settings.put("shows", SHOWS);
        settings.put("processors", Runtime.getRuntime().availableProcessors());
        Report report = new Report("seats-topology", settings, rows, figures);
        System.out.print(report.table());
        if (json) {
            System.out.println(report.json());
        }
        return 0;
    }

    private void paced(Stand stand, int perSecond, int count) throws Exception {
        Rush rush = new Rush(SHOWS, count);
        String bootstrap = stand.environment("TAILRACE_KAFKA_BOOTSTRAP");
        try (KafkaProducer<byte[], byte[]> producer = producer(bootstrap, 0);
                DecisionReader reader = new DecisionReader(bootstrap, rush, count)) {
            createShows(producer, rush);
            Thread sender = Thread.ofPlatform().start(() -> {
                AtomicInteger next = new AtomicInteger();
                PacedSender.run(perSecond, count, due -> {
                    int number = next.getAndIncrement();
                    reader.sent(number, due);
                    var unused = producer.send(rush.command(number));
                });
            });
            Duration before = cpu(stand);
            reader.readAll();
            sender.join();
            String name = perSecond + "/s";
            rows.add(Row.of(name + ", append to answer", reader.latencies(count / 10, count)));
            cost(name, cpu(stand).minus(before), count);
            checkOnce(reader);
        }
    }

    private void saturate(Stand stand, int count, String name) throws Exception {
        Rush rush = new Rush(SHOWS, count);
        String bootstrap = stand.environment("TAILRACE_KAFKA_BOOTSTRAP");
        try (KafkaProducer<byte[], byte[]> producer = producer(bootstrap, 5);
                DecisionReader reader = new DecisionReader(bootstrap, rush, count)) {
            createShows(producer, rush);
            Duration before = cpu(stand);
            Thread sender = Thread.ofPlatform().start(() -> {
                for (int number = 0; number < count; number++) {
                    reader.sent(number, System.nanoTime());
                    var unused = producer.send(rush.command(number));
                }
                producer.flush();
            });
            reader.readAll();
            sender.join();
            if (!name.isEmpty()) {
                rows.add(Row.of(name + ", append to answer", reader.latencies(0, count)));
                figures.put("decisions per second " + name, reader.perSecond(0.2, 0.9));
                figures.put("share of accepted commands " + name, reader.acceptedShare());
                cost(name, cpu(stand).minus(before), count);
            }
            checkOnce(reader);
        }
    }

    private void cost(String name, Duration cpu, int count) {
        figures.put(
                "CPU seconds of dispatcher and broker per 1,000 decisions " + name,
                cpu.toNanos() / 1e9 / (count / 1_000.0));
    }

    private static void checkOnce(DecisionReader reader) {
        if (reader.repeated() > 0) {
            throw new IllegalStateException(reader.repeated() + " commands were answered twice");
        }
    }

    private static Duration cpu(Stand stand) throws Exception {
        return stand.cpu("kafka").plus(stand.cpu("event-dispatcher"));
    }

    private static void createShows(KafkaProducer<byte[], byte[]> producer, Rush rush)
            throws ExecutionException, InterruptedException {
        List<Future<RecordMetadata>> written = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> show : rush.shows()) {
            written.add(producer.send(show));
        }
        for (Future<RecordMetadata> one : written) {
            var unused = one.get();
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(String bootstrap, int lingerMs) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "acks",
                        "all",
                        "linger.ms",
                        lingerMs,
                        "batch.size",
                        lingerMs == 0 ? 16_384 : 131_072),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
