package io.tailrace.bench.series;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.xerial.snappy.Snappy;

/** {@code POST /api/v1/write}, as a Prometheus sends it. */
final class RemoteWriteWayIn implements WayIn {
    private final SeriesClient client;

    RemoteWriteWayIn(SeriesClient client) {
        this.client = client;
    }

    /** Writes the fields of a message. */
    @FunctionalInterface
    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    @Override
    public String label() {
        return "remote-write";
    }

    /** Names, for a metric comes to be with its first sample. */
    @Override
    public List<String> metrics(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add("bench_" + UUID.randomUUID().toString().replace("-", ""));
        }
        return names;
    }

    @Override
    public CompletableFuture<Void> send(int writer, List<Sample> batch) throws IOException, InterruptedException {
        Map<String, List<Sample>> series = new LinkedHashMap<>();
        for (Sample sample : batch) {
            series.computeIfAbsent(sample.metric(), name -> new ArrayList<>()).add(sample);
        }
        client.remoteWrite(Snappy.compress(message(request -> {
            for (Map.Entry<String, List<Sample>> one : series.entrySet()) {
                request.writeByteArray(1, timeSeries(one.getKey(), one.getValue()));
            }
        })));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public int depth() {
        return 1;
    }

    @Override
    public List<String> ids(List<String> metrics) throws IOException, InterruptedException {
        List<String> ids = new ArrayList<>();
        for (String name : metrics) {
            ids.add(client.metricNamed(name));
        }
        return ids;
    }

    @Override
    public void close() {}

    private static byte[] timeSeries(String name, List<Sample> samples) throws IOException {
        return message(series -> {
            series.writeByteArray(1, message(label -> {
                label.writeString(1, "__name__");
                label.writeString(2, name);
            }));
            for (Sample sample : samples) {
                series.writeByteArray(2, message(field -> {
                    field.writeDouble(1, sample.value());
                    field.writeInt64(2, sample.timestampMs());
                }));
            }
        });
    }

    private static byte[] message(Fields fields) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        fields.write(out);
        out.flush();
        return bytes.toByteArray();
    }
}
