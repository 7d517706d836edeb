package io.tailrace.bench.recovery;

import io.tailrace.bench.report.Report;
import io.tailrace.bench.stand.Stand;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Kills the dispatcher with SIGKILL and takes the time until it decides on seats of all partitions again: with live shows alone, with
 * millions of reservations of shows that are over and not forgotten, and when these are forgotten.
 */
@Command(name = "recovery", description = "The dispatcher after kill -9, with 2,000,000 reservations of past shows.")
public final class RecoveryBench implements Callable<Integer> {
    private static final String WITHOUT = "search,telemetry,postgres,redis,ingest-api,sse-edge,projections,workers";
    private static final int PARTITIONS = 6;
    private static final int PER_SHOW = 1_000;
    private static final int PROBES = 100;
    private static final long DECIDE_MS = 300_000;
    private static final long RECOVER_MS = 900_000;
    private static final long FORGET_MS = 1_800_000;
    private static final long COMPACT_MS = 600_000;
    private static final long SETTING_MS = 30_000;

    /** All past shows are over by then, and none is forgotten. Answers are: a day later than they are kept for. */
    private static final Duration OVER = Duration.ofDays(3);

    /** The dispatcher forgets shows seven days after their start. */
    private static final Duration FORGOTTEN = Duration.ofDays(8);

    @Option(names = "--quick", description = "100,000 reservations of past shows.")
    private boolean quick;

    @Option(names = "--past", description = "How many reservations of past shows there are, in thousands.")
    private int pastThousands;

    @Option(names = "--json", description = "The last line of stdout is the result as JSON.")
    private boolean json;

    private final Map<String, Double> figures = new LinkedHashMap<>();
    private int probes;

    @Override
    public Integer call() throws Exception {
        int shows = pastThousands > 0 ? pastThousands : quick ? 100 : 2_000;
        int live = 10_000;
        try (Stand stand = Stand.up(WITHOUT)) {
            String bootstrap = stand.environment("TAILRACE_KAFKA_BOOTSTRAP");
            try (KafkaProducer<byte[], byte[]> producer = producer(bootstrap);
                    Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
                    Answers answers = new Answers(bootstrap)) {
                run(stand, new Log(producer, answers, admin, new Changelog(bootstrap, admin, PARTITIONS)), shows, live);
            }
        }
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("reservations_of_past_shows", shows * PER_SHOW);
        settings.put("reservations_of_live_shows", live);
        settings.put("processors", Runtime.getRuntime().availableProcessors());
        Report report = new Report("recovery", settings, List.of(), figures);
        System.out.print(report.table());
        if (json) {
            System.out.println(report.json());
        }
        return 0;
    }

    /** What is written to and read from. */
    private record Log(KafkaProducer<byte[], byte[]> producer, Answers answers, Admin admin, Changelog changelog) {}

    private void run(Stand stand, Log log, int shows, int live) throws Exception {
        List<Hall> halls = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> hallIn(partition, live / PARTITIONS + PROBES))
                .toList();
        for (Hall hall : halls) {
            sell(log, hall, live / PARTITIONS);
        }
        Hall template = new Hall(UUID.randomUUID(), Instant.now().plus(Duration.ofHours(1)), PER_SHOW);
        sell(log, template, PER_SHOW);
        recover(stand, log, halls, live / PARTITIONS, "live shows alone");
        say("%,d reservations of other shows", shows * PER_SHOW);
        long startedNs = System.nanoTime();
        List<UUID> others = Stream.generate(UUID::randomUUID).limit(shows).toList();
        long records = log.changelog().copy(template.id(), template.partition(PARTITIONS), others, log.producer());
        say("%,d records in %.0f s", records, (System.nanoTime() - startedNs) / 1e9);
        recover(stand, log, halls, live / PARTITIONS, "past shows not forgotten");
        // The template is one of them.
        letDaysPass(log, halls, OVER, 1);
        PastShows.await(stand.origin("event-dispatcher"), PastShows.ENDED, shows + 1, FORGET_MS);
        log.changelog().compact(log.producer(), 45_000, COMPACT_MS);
        recover(stand, log, halls, live / PARTITIONS, "past shows not forgotten, compacted");
        startedNs = System.nanoTime();
        letDaysPass(log, halls, FORGOTTEN, 2);
        PastShows.await(stand.origin("event-dispatcher"), PastShows.FORGOTTEN, shows + 1, FORGET_MS);
        figures.put("seconds until all are forgotten", (System.nanoTime() - startedNs) / 1e9);
        recover(stand, log, halls, live / PARTITIONS, "past shows just forgotten");
        log.changelog().compact(log.producer(), 45_000, COMPACT_MS);
        recover(stand, log, halls, live / PARTITIONS, "past shows forgotten and compacted");
    }

    private static Hall hallIn(int partition, int seats) {
        return Stream.generate(UUID::randomUUID)
                .map(id -> new Hall(id, Instant.parse("2100-01-01T00:00:00Z"), seats))
                .filter(hall -> hall.partition(PARTITIONS) == partition)
                .findFirst()
                .orElseThrow();
    }

    /** Holds and confirms so many seats, by the running dispatcher. */
    private static void sell(Log log, Hall hall, int seats) throws ExecutionException, InterruptedException {
        var created = log.producer().send(hall.created()).get();
        say("show %s is at %s", hall.id(), created);
        Set<UUID> commands = new HashSet<>();
        for (int number = 0; number < seats; number++) {
            var unused = log.producer().send(hall.hold(number));
            unused = log.producer().send(hall.confirm(number));
            commands.add(hall.reservation(number));
            commands.add(hall.confirmation(number));
        }
        log.producer().flush();
        log.answers().await(commands, true, DECIDE_MS);
    }

    /** Kills the dispatcher and wants a seat in every partition. */
    private void recover(Stand stand, Log log, List<Hall> halls, int sold, String name) throws Exception {
        double megabytes = log.changelog().bytes() / 1e6;
        long pid = stand.pid("event-dispatcher");
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        long startedNs = System.nanoTime();
        var unused = process.destroyForcibly();
        process.onExit().get();
        Set<UUID> commands = new HashSet<>();
        int number = sold + probes++;
        for (Hall hall : halls) {
            commands.add(hall.reservation(number));
            var sent = log.producer().send(hall.hold(number)).get();
            assert sent.hasOffset();
        }
        log.answers().await(commands, true, RECOVER_MS);
        double seconds = (System.nanoTime() - startedNs) / 1e9;
        say("%s: %.1f s, %.0f MB", name, seconds, megabytes);
        figures.put("seconds from SIGKILL to a decision of all: " + name, seconds);
        figures.put("MB of changelog: " + name, megabytes);
    }

    /**
     * The time of commands is the broker's; here it becomes the writer's, who says that days have passed.
     *
     * @param which the first time or the second
     */
    private static void letDaysPass(Log log, List<Hall> halls, Duration days, int which)
            throws ExecutionException, InterruptedException {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, Hall.COMMANDS);
        // What the dispatcher writes has the time of what it reads, in all of its topics.
        ConfigResource everywhere = new ConfigResource(ConfigResource.Type.BROKER, "");
        log.admin()
                .incrementalAlterConfigs(Map.of(
                        everywhere,
                        List.of(set("log.message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE))),
                        topic,
                        List.of(set("message.timestamp.type", "CreateTime"))))
                .all()
                .get();
        long atMs = Instant.now().plus(days).toEpochMilli();
        Set<UUID> commands = new HashSet<>();
        for (Hall hall : halls) {
            int number = hall.seats() - which;
            ProducerRecord<byte[], byte[]> hold = hall.hold(number);
            commands.add(hall.reservation(number));
            send(log, new ProducerRecord<>(hold.topic(), null, atMs, hold.key(), hold.value(), hold.headers()));
        }
        log.answers().await(commands, true, DECIDE_MS);
    }

    /** The broker takes a changed setting a moment after it has answered. */
    private static void send(Log log, ProducerRecord<byte[], byte[]> record)
            throws ExecutionException, InterruptedException {
        long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SETTING_MS);
        for (; ; ) {
            try {
                var sent = log.producer().send(record).get();
                assert sent.hasOffset();
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof InvalidTimestampException) || System.nanoTime() > untilNs) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    }

    private static KafkaProducer<byte[], byte[]> producer(String bootstrap) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all", "linger.ms", 5, "batch.size", 262_144),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static void say(String what, Object... arguments) {
        System.err.printf(Locale.ROOT, what + "%n", arguments);
    }
}
