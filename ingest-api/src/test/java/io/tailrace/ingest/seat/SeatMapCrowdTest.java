package io.tailrace.ingest.seat;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.seat.SeatMapKeys;
import io.tailrace.ingest.testing.Eventually;
import io.tailrace.ingest.testing.IngestProcess;
import io.tailrace.ingest.testing.Projections;
import io.tailrace.ingest.testing.SeatProjections;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestRedis;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** A show of 200,000 seats, all of them taken, in a process with a small heap: less than the 384 MiB that it has to do with. */
class SeatMapCrowdTest {
    private static final String TOPIC = "tailrace.channels.show";
    private static final int READERS = 200;
    private static final int ROWS = 200;
    private static final int SEATS_PER_ROW = 1_000;

    private record Read(int status, long length, long checksum) {}

    @Test
    void two_hundred_readers_at_once_read_the_largest_map_and_it_is_made_once() throws Exception {
        UUID show = UUID.fromString(TestIngest.shared()
                .with(TestKeys.shared().organizer())
                .post(
                        "/shows",
                        """
                        {"name": "Hamlet", "starts_at": "2099-01-01T00:00:00Z",
                         "sections": [{"name": "A", "rows": 200, "seats_per_row": 1000, "price": 1}]}""")
                .body()
                .path("id")
                .asText());
        SeatProjections.copyShows();
        allAreHeld(show);
        try (IngestProcess process = new IngestProcess(Map.of("tailrace.metrics.open", true));
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            URI uri = URI.create("http://127.0.0.1:" + process.port() + "/shows/" + show + "/seats");
            CountDownLatch all = new CountDownLatch(READERS);
            List<Future<Read>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                readers.add(threads.submit(() -> {
                    all.countDown();
                    all.await();
                    return read(client, uri);
                }));
            }
            Set<Read> answers = new HashSet<>();
            for (Future<Read> reader : readers) {
                answers.add(reader.get());
            }

            assertThat(answers).hasSize(1);
            Read answer = answers.iterator().next();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.length()).isGreaterThan(30L * ROWS * SEATS_PER_ROW);
            assertThat(process.anonymous().text("/prometheus"))
                    .contains("tailrace_seats_maps_total{source=\"redis\"} 1.0")
                    .contains("tailrace_seats_maps_refused_total{reason=\"readers\"} 0.0");
            Eventually.holds(
                    "nobody reads",
                    () -> process.anonymous().text("/prometheus").contains("tailrace_seats_maps_readers 0.0"));
        }
    }

    private static Read read(HttpClient client, URI uri) throws Exception {
        HttpResponse<InputStream> response =
                client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofInputStream());
        CRC32 sum = new CRC32();
        long length = 0;
        byte[] piece = new byte[16 * 1024];
        try (InputStream body = response.body()) {
            for (int count = body.read(piece); count >= 0; count = body.read(piece)) {
                sum.update(piece, 0, count);
                length += count;
            }
        }
        return new Read(response.statusCode(), length, sum.getValue());
    }

    private static void allAreHeld(UUID show) {
        int partition = new Channel("show:" + show).partition(6);
        TestRedis redis = TestRedis.shared();
        redis.call(commands -> commands.flushall());
        for (int row = 1; row <= ROWS; row++) {
            Map<String, String> seats = new HashMap<>();
            for (int number = 1; number <= SEATS_PER_ROW; number++) {
                seats.put("A-" + row + "-" + number, "held");
            }
            redis.call(commands -> commands.hset(SeatMapKeys.show(partition, show), seats));
        }
        redis.call(commands -> commands.hset(SeatMapKeys.show(partition, show), "next", "20"));
        Map<String, String> copy = Map.of(
                "generation", Projections.generation(TOPIC), "next", "21", "ready", "1", SeatMapKeys.mark(show), "20");
        redis.call(commands -> commands.hset(SeatMapKeys.partition(partition), copy));
    }
}
