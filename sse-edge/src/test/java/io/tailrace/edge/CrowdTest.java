package io.tailrace.edge;

import static io.tailrace.edge.testing.Numbered.numbers;
import static io.tailrace.edge.testing.Numbered.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.edge.testing.Leaks;
import io.tailrace.edge.testing.Numbered;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.SseClient;
import io.tailrace.edge.testing.SseMessages.Message;
import io.tailrace.edge.testing.TestBroker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Many clients at once, some of them slow, some cut off, while events keep coming. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("server")
class CrowdTest {
    private static final long SEED = 20_260_101;

    private final TestBroker broker = TestBroker.shared();
    private final RunningEdge edge = RunningEdge.start(Map.of(
            // Small, so that whoever is away for a moment has to be replayed from the log.
            "tailrace.edge.tail.window-bytes",
            "20000",
            "tailrace.edge.replay.chunk-bytes",
            "30000",
            "tailrace.http.transport",
            transports()));

    /** What the edge may use, the first that the machine has. */
    String transports() {
        return "epoll,nio";
    }

    RunningEdge edge() {
        return edge;
    }

    @AfterAll
    void stop() {
        assertThat(Leaks.found()).isEmpty();
        edge.close();
    }

    @Test
    void losesAndRepeatsNothingWhileClientsComeAndGo() throws Exception {
        // given
        int events = 2_000;
        List<String> channels =
                IntStream.range(0, 4).mapToObj(i -> Numbered.channel("news")).toList();

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // when
            CompletableFuture<Void> publisher = CompletableFuture.runAsync(() -> publish(channels, events), threads);
            List<CompletableFuture<List<Integer>>> clients = IntStream.range(0, 12)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> follow(channels.get(i % 4), events, new Random(SEED + i)), threads))
                    .toList();
            Eventually.result("everything is published", publisher);

            // then
            for (CompletableFuture<List<Integer>> client : clients) {
                assertThat(Eventually.result("a client has everything", client))
                        .as("seed %d", SEED)
                        .isEqualTo(range(0, events));
            }
        }
    }

    @Test
    void servesTheOthersWhileOneNeverReads() {
        // given
        String channel = Numbered.channel("news");
        int events = 400;
        String padding = "x".repeat(20_000);
        SseClient slow = SseClient.send(
                edge.port(),
                SseClient.get("/events?channels=" + channel).getBytes(java.nio.charset.StandardCharsets.UTF_8),
                4_096);
        SseClient fast = SseClient.open(edge.port(), "/events?channels=" + channel);
        fast.next("stream.open");
        Eventually.holds("both are open", () -> connections() >= 2);

        // when
        for (int i = 0; i < events; i++) {
            broker.publish(channel, "note", "{\"n\":" + i + ",\"p\":\"" + padding + "\"}");
        }
        List<Integer> fastGot = numbers(fast.events(events));
        List<Integer> slowGot = numbers(slow.read().events(events));

        // then
        assertThat(fastGot).isEqualTo(range(0, events));
        assertThat(slowGot).isEqualTo(range(0, events));
        assertThat(total("tailrace_edge_replay_reads_total")).isPositive();
        fast.close();
        slow.close();
    }

    @Test
    void deliversALargeEventBesideSmallOnes() {
        // given
        String channel = Numbered.channel("news");
        SseClient client = SseClient.open(edge.port(), "/events?channels=" + channel);
        client.next("stream.open");

        // when
        broker.publish(channel, "note", "{\"n\":0,\"p\":\"" + "x".repeat(5_000_000) + "\"}");
        broker.publish(channel, "note", Numbered.json(1));

        // then
        List<Message> events = client.events(2);
        assertThat(events.getFirst().data()).hasSizeGreaterThan(5_000_000);
        assertThat(numbers(events)).containsExactly(0, 1);
        client.close();
    }

    @Test
    void forgetsConnectionsThatAreCut() {
        // given
        String channel = Numbered.channel("news");
        List<SseClient> clients = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            clients.add(SseClient.open(edge.port(), "/events?channels=" + channel));
        }
        clients.forEach(client -> client.next("stream.open"));

        // when
        clients.forEach(SseClient::reset);
        Numbered.publish(channel, 0, 3);

        // then
        Eventually.holds("no connection is left", () -> connections() == 0);
    }

    @Test
    void readsARequestThatComesByteByByte() {
        // given
        String channel = Numbered.channel("news");
        String request = SseClient.get("/events?channels=" + channel);

        // when
        SseClient client = SseClient.send(edge.port(), "");
        request.chars().forEach(c -> client.write(String.valueOf((char) c)));

        // then
        client.read().next("stream.open");
        client.close();
    }

    private int connections() {
        return (int) total("tailrace_edge_connections");
    }

    private double total(String metric) {
        try (SseClient client = SseClient.open(edge.port(), "/prometheus")) {
            return client.body()
                    .lines()
                    .filter(line -> line.startsWith(metric + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(metric.length() + 1)))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void publish(List<String> channels, int events) {
        for (int i = 0; i < events; i++) {
            for (String channel : channels) {
                var unused = broker.producer()
                        .send(TestBroker.record(
                                new Channel(channel), "note", UUID.randomUUID().toString(), Numbered.json(i)));
            }
            if (i % 50 == 0) {
                broker.producer().flush();
            }
        }
        broker.producer().flush();
    }

    /** Follows a channel, and breaks the connection now and then: at any byte, with whatever is under way. */
    private List<Integer> follow(String channel, int events, Random random) {
        List<Integer> got = new ArrayList<>();
        String id = "";
        while (got.size() < events) {
            String position = id.isEmpty() ? "&start=earliest" : "&last_event_id=" + id;
            SseClient client = SseClient.open(edge.port(), "/events?channels=" + channel + position);
            int atOnce = Math.min(events - got.size(), 1 + random.nextInt(400));
            List<Message> messages = client.events(atOnce);
            got.addAll(numbers(messages));
            id = messages.getLast().id();
            client.reset();
        }
        return got;
    }
}
