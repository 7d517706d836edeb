package io.tailrace.ingest.seat;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.ingest.testing.IngestProcess;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A show of 200,000 seats, all of them taken, in a process with a small heap: less than the 384 MiB that it has to do with. */
@Tag("server")
class SeatMapCrowdTest {
    private static final int READERS = 200;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private record Read(int status, long length, long checksum) {}

    @Test
    void two_hundred_readers_at_once_read_the_largest_map_and_it_is_made_once() throws Exception {
        UUID show = LargeShow.create();
        try (IngestProcess process = new IngestProcess(LargeShow.patienceAnd("tailrace.metrics.open", true));
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            URI uri = URI.create("http://127.0.0.1:" + process.port() + "/shows/" + show + "/seats");
            CountDownLatch all = new CountDownLatch(READERS);
            List<Future<Read>> readers = new ArrayList<>();
            Collection<Long> times = new ConcurrentLinkedQueue<>();
            for (int i = 0; i < READERS; i++) {
                readers.add(threads.submit(() -> {
                    all.countDown();
                    all.await();
                    long startNs = System.nanoTime();
                    Read read = read(client, uri);
                    times.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs));
                    return read;
                }));
            }
            Set<Read> answers = new HashSet<>();
            for (Future<Read> reader : readers) {
                answers.add(Eventually.result("a reader has read the map", reader));
            }
            long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
            System.out.printf(
                    Locale.ROOT,
                    "%d readers at once, on the processors of the service: %d ms at the median, %d ms at p95%n",
                    READERS,
                    sorted[READERS / 2],
                    sorted[READERS * 95 / 100]);

            assertThat(answers).hasSize(1);
            Read answer = answers.iterator().next();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.length()).isGreaterThan(LargeShow.LEAST_BYTES);
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
                client.send(HttpRequest.newBuilder(uri).timeout(TIMEOUT).build(), BodyHandlers.ofInputStream());
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
}
