package io.tailrace.systemtests.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.systemtests.chaos.stream.Tokens;
import io.tailrace.systemtests.fuzz.check.Canary;
import io.tailrace.systemtests.fuzz.check.Findings;
import io.tailrace.systemtests.fuzz.check.Judge;
import io.tailrace.systemtests.fuzz.check.LogScan;
import io.tailrace.systemtests.fuzz.check.Vitals;
import io.tailrace.systemtests.fuzz.request.Case;
import io.tailrace.systemtests.fuzz.request.CaseMaker;
import io.tailrace.systemtests.fuzz.wire.Exchange;
import io.tailrace.systemtests.platform.Launcher;
import io.tailrace.systemtests.platform.Platform;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** One run: a Tailrace of its own, cases by a seed, and what is wrong afterwards. For one thread. */
public final class FuzzRun {
    /**
     * Whoever writes too much is refused before anybody reads what it wrote, so nobody is; and what waits for bytes that do
     * not come waits a short time. Every buffer is watched.
     */
    public static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("TAILRACE_LIMITS_PERSON_PER_SECOND", "0"),
            Map.entry("TAILRACE_LIMITS_SERVICE_PER_SECOND", "0"),
            Map.entry("TAILRACE_LIMITS_ADDRESS_PER_SECOND", "0"),
            Map.entry("TAILRACE_SIGN_IN_PAIR_FAILURES", "1000000"),
            Map.entry("TAILRACE_SIGN_IN_ACCOUNT_FAILURES", "1000000"),
            Map.entry("TAILRACE_SIGN_IN_ADDRESS_FAILURES", "1000000"),
            Map.entry("TAILRACE_HTTP_HEAD_TIMEOUT", "1s"),
            Map.entry("TAILRACE_HTTP_REQUEST_TIMEOUT", "2s"),
            Map.entry("TAILRACE_HTTP_KEEP_ALIVE_TIMEOUT", "2s"),
            Map.entry("TAILRACE_JAVA_OPTS", "-Dio.netty.leakDetection.level=paranoid"));

    private static final int WORKERS = 192;
    private static final int ANSWER_LIMIT_MS = 45_000;
    private static final Duration REST_LIMIT = Duration.ofSeconds(90);
    private static final long HEAP_SLACK_BYTES = 40 << 20;

    /** Caches fill and code is compiled before anything is compared. */
    private static final int WARM_UP_PARTS = 5;

    private static final List<String> OURS = List.of("standalone", "event-dispatcher");

    private final long seed;
    private final long requests;
    private final Consumer<String> progress;
    private final Findings findings = new Findings();
    private final Judge judge = new Judge(findings);
    private final AtomicLong next = new AtomicLong();

    /** A run of so many cases. */
    public FuzzRun(long seed, long requests, Consumer<String> progress) {
        this.seed = seed;
        this.requests = requests;
        this.progress = progress;
    }

    /** Starts everything, sends everything, checks, stops everything. */
    public FuzzResult run(Launcher launcher) throws IOException, InterruptedException {
        progress.accept("starting");
        try (Platform platform = Platform.up(launcher, "telemetry")) {
            Tokens tokens = new Tokens(Path.of(platform.environment("TAILRACE_SIGNING_KEY_FILE")));
            long end = System.currentTimeMillis() + Duration.ofHours(6).toMillis();
            String writer = tokens.issue("canary", List.of(), List.of("news:*"), end);
            String victim = tokens.issue("fuzz", List.of(), List.of("news:*"), end);
            Map<String, Long> pids = pids(launcher);
            Map<Path, Long> logs = logs(launcher);
            try (Canary canary = Canary.open(platform.origin(), writer, "news:canary");
                    Canary prey = Canary.open(platform.origin(), victim, "news:prey");
                    Exchange exchange =
                            new Exchange(URI.create(platform.origin()).getPort(), ANSWER_LIMIT_MS)) {
                Fixtures fixtures = Fixtures.make(platform, prey.connectionId());
                String authority = URI.create(platform.origin()).getAuthority();
                CaseMaker maker =
                        new CaseMaker(seed, authority, fixtures.templates(), fixtures.cursors(), fixtures.forged());
                long pid = pids.getOrDefault("", -1L);
                long open = Vitals.open(platform.origin());
                long beganNs = System.nanoTime();
                send(maker, exchange, requests / WARM_UP_PARTS);
                rest(platform.origin(), open);
                Vitals before = Vitals.take(platform.origin(), pid);
                send(maker, exchange, requests);
                double seconds = (System.nanoTime() - beganNs) / 1e9;
                progress.accept("all are sent; waiting until the system is at rest");
                rest(platform.origin(), open);
                Vitals after = Vitals.take(platform.origin(), pid);
                canary.verdict().forEach(line -> findings.add("canary", line));
                after.growthSince(before, HEAP_SLACK_BYTES).forEach(line -> findings.add("grown", line));
                if (!pids(launcher).equals(pids)) {
                    findings.add("crash", "processes " + pids + ", at the end " + pids(launcher));
                }
                for (Map.Entry<Path, Long> log : logs.entrySet()) {
                    LogScan.bad(log.getKey(), log.getValue()).forEach(line -> findings.add("log", line));
                }
                return new FuzzResult(
                        seed,
                        requests,
                        seconds,
                        judge.statuses(),
                        canary.count(),
                        before,
                        after,
                        findings.counts(),
                        findings.lines());
            }
        }
    }

    /** Sends cases up to a number, from where the last call ended. */
    private void send(CaseMaker maker, Exchange exchange, long until) throws InterruptedException {
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            workers.add(Thread.ofVirtual().start(() -> work(maker, exchange, until)));
        }
        for (Thread worker : workers) {
            while (!worker.join(Duration.ofSeconds(5))) {
                progress.accept(next.get() + " of " + requests + ", wrong: " + findings.counts());
            }
        }
        next.set(until);
    }

    private void work(CaseMaker maker, Exchange exchange, long until) {
        for (long number = next.getAndIncrement(); number < until; number = next.getAndIncrement()) {
            Case one = maker.make(number);
            try {
                judge.see(one, exchange.run(one));
            } catch (IOException e) {
                findings.add("no connection", one + ": " + e);
            }
        }
    }

    /** Waits until connections that were left open have been closed; what is still there then is compared, and found. */
    private static void rest(String origin, long open) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + REST_LIMIT.toNanos();
        while (Vitals.open(origin) > open + 4 && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    /** The process of each part, and under no name that of the one that has started them. */
    private static Map<String, Long> pids(Launcher launcher) throws IOException {
        JsonNode state = new ObjectMapper()
                .readTree(launcher.data().resolve("run").resolve("state.json").toFile());
        Map<String, Long> pids = new TreeMap<>(Map.of("", state.path("pid").asLong()));
        state.path("parts")
                .forEach(part ->
                        pids.put(part.path("name").asText(), part.path("pid").asLong()));
        return pids;
    }

    private static Map<Path, Long> logs(Launcher launcher) throws IOException {
        Map<Path, Long> sizes = new HashMap<>();
        for (String ours : OURS) {
            Path log = launcher.data().resolve("logs").resolve(ours + ".log");
            sizes.put(log, LogScan.size(log));
        }
        return sizes;
    }
}
