package io.tailrace.bench.feed;

import io.tailrace.bench.report.Report;
import io.tailrace.bench.report.Row;
import io.tailrace.bench.seats.http.Tokens;
import io.tailrace.bench.stand.PacedSender;
import io.tailrace.bench.stand.Stand;
import io.tailrace.bench.swarm.Swarm;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A post to a million followers, of whom a thousand are connected, beside 100 ordinary posts a second: how long the ordinary
 * ones take alone and beside it, how long the longest transaction is, when all have the post, and what it takes in the log.
 */
@Command(name = "feed", description = "A post to 1,000,000 followers beside ordinary posts.")
public final class FeedBench implements Callable<Integer> {
    private static final int ORDINARY_PER_SECOND = 100;

    /** A person may write 20 times a second. */
    private static final int AUTHORS = 10;

    private static final long OPEN_TIMEOUT_MS = 60_000;
    private static final String TEXT = "@%d@ " + "something that somebody has to say to very many people ".repeat(4);

    @Option(names = "--quick", description = "100,000 followers, of whom 100 are connected.")
    private boolean quick;

    @Option(names = "--followers", description = "How many followers there are.")
    private int followers;

    @Option(names = "--json", description = "The last line of stdout is the result as JSON.")
    private boolean json;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, Double> figures = new LinkedHashMap<>();

    /** The ordinary posts: their authors' tokens, and one reader who follows all of them. */
    private record Ordinary(List<String> authors, String reader, String readerToken) {}

    @Override
    public Integer call() throws Exception {
        int size = followers > 0 ? followers : quick ? 100_000 : 1_000_000;
        int connected = Math.max(1, size / 1000);
        int seconds = quick ? 5 : 20;
        Histogram alone = new ConcurrentHistogram(3);
        Histogram beside = new ConcurrentHistogram(3);
        Histogram arrived = new ConcurrentHistogram(3);
        boolean held;
        try (Stand stand = Stand.up("search,telemetry")) {
            Tokens tokens = new Tokens(Path.of(stand.environment("TAILRACE_SIGNING_KEY_FILE")));
            Ordinary ordinary = ordinary(stand, tokens);
            Crowd crowd = new Crowd(UUID.randomUUID(), size);
            String bootstrap = stand.environment("TAILRACE_KAFKA_BOOTSTRAP");
            say("%,d people follow one author", size);
            crowd.follow(bootstrap);
            Backlog backlog = new Backlog(stand);
            backlog.awaitFollows();
            say("everything has caught up; ordinary posts alone");
            ordinary(stand, ordinary, 3 * ORDINARY_PER_SECOND, new ConcurrentHistogram(3), () -> false);
            ordinary(stand, ordinary, seconds * ORDINARY_PER_SECOND, alone, () -> false);
            held = popular(stand, tokens, crowd, connected, ordinary, backlog, new Histogram[] {beside, arrived});
        }
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("followers", size);
        settings.put("connected", connected);
        settings.put("ordinary_posts_per_second", ORDINARY_PER_SECOND);
        settings.put("processors", Runtime.getRuntime().availableProcessors());
        Report report = new Report(
                "feed",
                settings,
                List.of(
                        Row.of("ordinary posts alone", alone),
                        Row.of("ordinary posts beside the fan-out", beside),
                        Row.of("the post to a connected follower", arrived)),
                figures);
        System.out.print(report.table());
        if (json) {
            System.out.println(report.json());
        }
        return held ? 0 : 1;
    }

    private boolean popular(
            Stand stand,
            Tokens tokens,
            Crowd crowd,
            int connected,
            Ordinary ordinary,
            Backlog backlog,
            Histogram[] histograms)
            throws Exception {
        String bootstrap = stand.environment("TAILRACE_KAFKA_BOOTSTRAP");
        List<Swarm.Request> streams = new ArrayList<>();
        for (int i = 0; i < connected; i++) {
            String follower =
                    crowd.follower((int) ((long) i * crowd.size() / connected)).toString();
            streams.add(new Swarm.Request("/events?start=live&channels=feed:" + follower, tokens.issue(follower)));
        }
        Histogram arrived = histograms[1];
        try (Swarm swarm = new Swarm(server(stand), List.of(), streams, (stream, bytes, from, to, nowNs) -> {
                    long due = due(bytes, from, to);
                    if (due != 0) {
                        arrived.recordValue(Math.max(0, nowNs - due));
                    }
                });
                ServedWatch served = new ServedWatch(bootstrap, crowd);
                TransactionWatch transactions = new TransactionWatch(bootstrap)) {
            swarm.awaitOpen(OPEN_TIMEOUT_MS);
            say("%,d of them are connected; the post", connected);
            long bytesBefore = backlog.feedBytes();
            long startedNs = System.nanoTime();
            served.expect(write(stand, tokens.issue(crowd.author().toString()), startedNs));
            ordinary(stand, ordinary, 0, histograms[0], () -> served.count() < crowd.size());
            long lastNs = served.awaitAll(1);
            swarm.check();
            figures.put("seconds until all followers have it", (lastNs - startedNs) / 1e9);
            figures.put("followers that have it twice", (double) served.twice());
            figures.put("longest transaction that was seen (ms)", (double) transactions.longestMs());
            figures.put("bytes in the log per follower", (double) (backlog.feedBytes() - bytesBefore) / crowd.size());
            backlog.awaitEntries();
            figures.put("seconds until GET /feed has all of it", (System.nanoTime() - startedNs) / 1e9);
            figures.put("connected followers that have it", (double) arrived.getTotalCount());
            return served.twice() == 0 && arrived.getTotalCount() == connected;
        }
    }

    /** Writes the post, as its author; returns its id. */
    private String write(Stand stand, String token, long dueNs) throws Exception {
        HttpResponse<String> answer = http.send(post(stand, token, dueNs), HttpResponse.BodyHandlers.ofString());
        String body = answer.body();
        int id = body.indexOf("\"id\":\"");
        if (answer.statusCode() / 100 != 2 || id < 0) {
            throw new IllegalStateException("the post was not accepted: " + answer.statusCode() + " " + body);
        }
        return body.substring(id + 6, id + 6 + 36);
    }

    private Ordinary ordinary(Stand stand, Tokens tokens) throws Exception {
        String reader = UUID.randomUUID().toString();
        String readerToken = tokens.issue(reader);
        List<String> authors = new ArrayList<>();
        for (int i = 0; i < AUTHORS; i++) {
            String author = UUID.randomUUID().toString();
            HttpRequest follow = HttpRequest.newBuilder(URI.create(stand.origin() + "/follows/" + author))
                    .header("Authorization", "Bearer " + readerToken)
                    .PUT(HttpRequest.BodyPublishers.noBody())
                    .build();
            int status =
                    http.send(follow, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status / 100 != 2) {
                throw new IllegalStateException("the follow was not accepted: " + status);
            }
            authors.add(tokens.issue(author));
        }
        return new Ordinary(authors, reader, readerToken);
    }

    /** Writes {@code count} ordinary posts, and then a second's worth as long as there is more to do; waits for the last one. */
    private void ordinary(Stand stand, Ordinary ordinary, int count, Histogram histogram, Condition more)
            throws Exception {
        AtomicLong received = new AtomicLong();
        AtomicLong sent = new AtomicLong();
        AtomicLong refused = new AtomicLong();
        List<Swarm.Request> streams = List.of(
                new Swarm.Request("/events?start=live&channels=feed:" + ordinary.reader(), ordinary.readerToken()));
        try (Swarm swarm = new Swarm(server(stand), List.of(), streams, (stream, bytes, from, to, nowNs) -> {
            long due = due(bytes, from, to);
            if (due != 0) {
                histogram.recordValue(Math.max(0, nowNs - due));
                received.incrementAndGet();
            }
        })) {
            swarm.awaitOpen(OPEN_TIMEOUT_MS);
            long untilNs = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
            int next = count > 0 ? count : ORDINARY_PER_SECOND;
            do {
                PacedSender.run(ORDINARY_PER_SECOND, next, due -> {
                    String author = ordinary.authors().get((int) (sent.getAndIncrement() % AUTHORS));
                    http.sendAsync(post(stand, author, due), HttpResponse.BodyHandlers.discarding())
                            .whenComplete((answer, failure) -> {
                                if (failure != null || answer.statusCode() / 100 != 2) {
                                    refused.incrementAndGet();
                                }
                            });
                });
                next = ORDINARY_PER_SECOND;
                swarm.check();
            } while (more.holds() && System.nanoTime() < untilNs);
            long lastNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (received.get() + refused.get() < sent.get() && System.nanoTime() < lastNs) {
                swarm.check();
                TimeUnit.MILLISECONDS.sleep(20);
            }
            if (received.get() != sent.get()) {
                throw new IllegalStateException(
                        received + " of " + sent + " ordinary posts arrived, " + refused + " were refused");
            }
        }
    }

    private static HttpRequest post(Stand stand, String token, long dueNs) {
        return HttpRequest.newBuilder(URI.create(stand.origin() + "/posts"))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"text\":\"" + String.format(Locale.ROOT, TEXT, dueNs).strip() + "\"}"))
                .build();
    }

    private static InetSocketAddress server(Stand stand) {
        URI origin = URI.create(stand.origin());
        return new InetSocketAddress(origin.getHost(), origin.getPort());
    }

    /** The moment that the writer put between two {@code @}, or 0 for a frame without one. */
    private static long due(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != '@') {
            at++;
        }
        long due = 0;
        for (at++; at < to && bytes[at] != '@'; at++) {
            due = due * 10 + bytes[at] - '0';
        }
        return due;
    }

    private static void say(String what, Object... arguments) {
        System.err.printf(Locale.ROOT, what + "%n", arguments);
    }

    private interface Condition {
        boolean holds();
    }
}
