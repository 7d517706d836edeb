package io.tailrace.bench.series;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code POST /metrics/readings} with an array. */
final class HttpWayIn implements WayIn {
    private final SeriesClient client;

    HttpWayIn(SeriesClient client) {
        this.client = client;
    }

    @Override
    public String label() {
        return "HTTP";
    }

    @Override
    public List<String> metrics(int count) throws IOException, InterruptedException {
        return client.metrics(count);
    }

    @Override
    public CompletableFuture<Void> send(int writer, List<Sample> batch) throws IOException, InterruptedException {
        StringBuilder body = new StringBuilder("[");
        for (Sample sample : batch) {
            body.append(body.length() == 1 ? "" : ",")
                    .append("{\"metric_id\":\"")
                    .append(sample.metric())
                    .append("\",\"value\":")
                    .append(sample.value())
                    .append(",\"timestamp\":\"")
                    .append(Instant.ofEpochMilli(sample.timestampMs()))
                    .append("\"}");
        }
        client.add(body.append(']').toString(), batch.size());
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public int depth() {
        return 1;
    }

    @Override
    public List<String> ids(List<String> metrics) {
        return metrics;
    }

    @Override
    public void close() {}
}
