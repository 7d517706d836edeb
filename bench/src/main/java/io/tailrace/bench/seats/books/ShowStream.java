package io.tailrace.bench.seats.books;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.bench.swarm.Swarm;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Somebody who looks on: the stream of {@code show:{id}} from its first event. */
public final class ShowStream implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long OPEN_TIMEOUT_MS = 30_000;

    private final List<SeatStep> steps = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final Swarm swarm;

    /** Opens the stream, and waits until it is open. */
    public ShowStream(String origin, UUID show) throws IOException, InterruptedException {
        URI uri = URI.create(origin);
        Swarm.Request request = new Swarm.Request("/events?start=earliest&channels=show:" + show, "");
        swarm = new Swarm(
                new InetSocketAddress(uri.getHost(), uri.getPort()),
                List.of(),
                List.of(request),
                (stream, bytes, from, to, nowNs) -> frame(new String(bytes, from, to - from, StandardCharsets.UTF_8)));
        swarm.awaitOpen(OPEN_TIMEOUT_MS);
    }

    private synchronized void frame(String frame) {
        String event = "";
        String data = "";
        for (String line : frame.split("\n")) {
            if (line.startsWith("event:")) {
                event = line.substring(6).strip();
            } else if (line.startsWith("data:")) {
                data = line.substring(5).strip();
            }
        }
        if (event.startsWith("stream.gap") || event.startsWith("stream.reset")) {
            faults.add("the stream said " + event + ": " + data);
        }
        if (!event.startsWith("seat_")) {
            return;
        }
        try {
            List<String> seats = new ArrayList<>();
            for (JsonNode seat : JSON.readTree(data).path("data").path("seats")) {
                seats.add(seat.asText());
            }
            steps.add(new SeatStep(event, seats));
        } catch (IOException e) {
            faults.add("a frame that is not JSON: " + data);
        }
    }

    /** What it has said until now. */
    synchronized List<SeatStep> steps() {
        return List.copyOf(steps);
    }

    /** What it must not have said. */
    synchronized List<String> faults() throws IOException {
        swarm.check();
        return List.copyOf(faults);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        swarm.close();
    }
}
