package io.tailrace.bench.latency;

import io.tailrace.bench.report.Report;
import io.tailrace.bench.report.Row;
import io.tailrace.bench.stand.PacedSender;
import io.tailrace.bench.stand.Stand;
import io.tailrace.bench.swarm.Swarm;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * From the moment a write was due to the arrival of its event at a subscriber, by wall clock in one process: direct
 * publishing to 100 subscribers, and posts to a follower's feed through the dispatcher. In the same run, interleaved,
 * a plain Kafka producer and consumer on the same broker.
 */
@Command(name = "latency", description = "Publish to received, and post to follower, beside plain Kafka.")
public final class LatencyBench implements Callable<Integer> {
    private static final int SUBSCRIBERS = 100;
    private static final int EVENTS_PER_SECOND = 200;
    private static final int POSTS_PER_SECOND = 50;

    /** A person may write 20 times a second. */
    private static final int AUTHORS = 5;

    private static final int VALUE_BYTES = 200;
    private static final long OPEN_TIMEOUT_MS = 30_000;
    private static final String CHANNEL = "news:latency";

    @Option(names = "--quick", description = "One short round instead of five.")
    private boolean quick;

    @Option(names = "--json", description = "The last line of stdout is the result as JSON.")
    private boolean json;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Override
    public Integer call() throws Exception {
        int rounds = quick ? 1 : 5;
        int seconds = quick ? 5 : 15;
        Histogram floor = new Histogram(3);
        Histogram answered = new ConcurrentHistogram(3);
        Histogram direct = new Histogram(3);
        Histogram posts = new Histogram(3);
        try (Stand stand = Stand.up("search,telemetry")) {
            // A round that is not counted: class loading and compilation are not what is measured.
            runRound(
                    stand,
                    quick ? 3 : 10,
                    new Histogram(3),
                    new ConcurrentHistogram(3),
                    new Histogram(3),
                    new Histogram(3));
            for (int round = 0; round < rounds; round++) {
                runRound(stand, seconds, floor, answered, direct, posts);
            }
        }
        Report report = report(rounds, seconds, floor, answered, direct, posts);
        System.out.print(report.table());
        if (json) {
            System.out.println(report.json());
        }
        return 0;
    }

    private void runRound(
            Stand stand, int seconds, Histogram floor, Histogram answered, Histogram direct, Histogram posts)
            throws Exception {
        Histogram floorNow = KafkaFloor.measure(
                stand.environment("TAILRACE_KAFKA_BOOTSTRAP"),
                EVENTS_PER_SECOND,
                EVENTS_PER_SECOND * seconds,
                VALUE_BYTES);
        Histogram directNow = direct(stand, EVENTS_PER_SECOND * seconds, answered);
        Histogram postsNow = posts(stand, POSTS_PER_SECOND * seconds);
        floor.add(floorNow);
        direct.add(directNow);
        posts.add(postsNow);
        // Each round beside the sum: one bad round on a noisy machine is seen as such.
        System.err.printf(
                Locale.ROOT,
                "p99 of this round (ms): plain Kafka %.1f, answer %.1f (all so far), publish %.1f, post %.1f%n",
                Row.of("", floorNow).p99Ms(),
                Row.of("", answered).p99Ms(),
                Row.of("", directNow).p99Ms(),
                Row.of("", postsNow).p99Ms());
    }

    private Histogram direct(Stand stand, int count, Histogram answered) throws Exception {
        String reader = stand.token("reader");
        String publisher = stand.token("publisher", "--publish", "news:*");
        URI publish = URI.create(stand.origin() + "/channels/" + CHANNEL + "/events");
        String filler = "x".repeat(VALUE_BYTES);
        return measure(
                stand,
                CHANNEL,
                reader,
                SUBSCRIBERS,
                EVENTS_PER_SECOND,
                count,
                answered,
                due -> post(
                        publish,
                        publisher,
                        "{\"type\":\"timed\",\"data\":{\"due\":\"@" + due + "@\",\"filler\":\"" + filler + "\"}}"));
    }

    private Histogram posts(Stand stand, int count) throws Exception {
        String follower = UUID.randomUUID().toString();
        String followerToken = stand.token(follower);
        List<String> authors = new ArrayList<>();
        for (int i = 0; i < AUTHORS; i++) {
            String author = UUID.randomUUID().toString();
            follow(stand, followerToken, author);
            authors.add(stand.token(author));
        }
        AtomicLong posted = new AtomicLong();
        URI posts = URI.create(stand.origin() + "/posts");
        return measure(
                stand,
                "feed:" + follower,
                followerToken,
                1,
                POSTS_PER_SECOND,
                count,
                new ConcurrentHistogram(3),
                due -> post(
                        posts,
                        authors.get((int) (posted.getAndIncrement() % AUTHORS)),
                        "{\"text\":\"@" + due + "@\"}"));
    }

    private void follow(Stand stand, String token, String author) throws Exception {
        HttpRequest follow = HttpRequest.newBuilder(URI.create(stand.origin() + "/follows/" + author))
                .header("Authorization", "Bearer " + token)
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        if (http.send(follow, HttpResponse.BodyHandlers.discarding()).statusCode() != 204) {
            throw new IllegalStateException("the follow was not accepted");
        }
    }

    private Histogram measure(
            Stand stand,
            String channel,
            String token,
            int subscribers,
            int perSecond,
            int count,
            Histogram answered,
            Sender sender)
            throws Exception {
        Histogram histogram = new Histogram(3);
        AtomicLong arrived = new AtomicLong();
        List<Swarm.Request> streams =
                Collections.nCopies(subscribers, new Swarm.Request("/events?start=live&channels=" + channel, token));
        URI origin = URI.create(stand.origin());
        InetSocketAddress server = new InetSocketAddress(origin.getHost(), origin.getPort());
        try (Swarm swarm = new Swarm(server, List.of(), streams, (stream, bytes, from, to, nowNs) -> {
            long due = due(bytes, from, to);
            if (due != 0) {
                histogram.recordValue(Math.max(0, nowNs - due));
                arrived.incrementAndGet();
            }
        })) {
            swarm.awaitOpen(OPEN_TIMEOUT_MS);
            AtomicLong refused = new AtomicLong();
            PacedSender.run(
                    perSecond, count, due -> http.sendAsync(sender.request(due), HttpResponse.BodyHandlers.discarding())
                            .whenComplete((answer, failure) -> {
                                answered.recordValue(Math.max(0, System.nanoTime() - due));
                                if (failure != null || answer.statusCode() / 100 != 2) {
                                    refused.incrementAndGet();
                                }
                            }));
            long expected = (long) count * subscribers;
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (arrived.get() < expected && System.nanoTime() < deadline) {
                swarm.check();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
            if (arrived.get() != expected) {
                throw new IllegalStateException(
                        arrived + " of " + expected + " arrived on " + channel + ", " + refused + " writes refused");
            }
        }
        return histogram;
    }

    private static HttpRequest post(URI uri, String token, String body) {
        return HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
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

    private static Report report(
            int rounds, int seconds, Histogram floor, Histogram answered, Histogram direct, Histogram posts) {
        Row floorRow = Row.of("plain Kafka, 1 consumer", floor);
        Row directRow = Row.of("publish to received, " + SUBSCRIBERS + " subscribers", direct);
        Row postsRow = Row.of("post to follower's stream", posts);
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("rounds", rounds);
        settings.put("seconds_per_round", seconds);
        settings.put("events_per_second", EVENTS_PER_SECOND);
        settings.put("posts_per_second", POSTS_PER_SECOND);
        settings.put("subscribers", SUBSCRIBERS);
        settings.put("processors", Runtime.getRuntime().availableProcessors());
        Map<String, Double> ratios = new LinkedHashMap<>();
        ratios.put("publish p50 / plain Kafka p50", directRow.p50Ms() / floorRow.p50Ms());
        ratios.put("publish p99 / plain Kafka p99", directRow.p99Ms() / floorRow.p99Ms());
        ratios.put("post p50 / plain Kafka p50", postsRow.p50Ms() / floorRow.p50Ms());
        ratios.put("post p99 / plain Kafka p99", postsRow.p99Ms() / floorRow.p99Ms());
        return new Report(
                "latency",
                settings,
                List.of(floorRow, Row.of("publish to answer", answered), directRow, postsRow),
                ratios);
    }

    /** Makes the request that carries the moment at which it was due. */
    private interface Sender {
        HttpRequest request(long due);
    }
}
