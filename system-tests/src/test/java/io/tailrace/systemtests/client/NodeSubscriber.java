package io.tailrace.systemtests.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Follows a stream with the npm package {@code eventsource} in a Node.js process of its own. Thread-safe. */
public final class NodeSubscriber implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Thread reader;
    private final Map<String, List<String>> idsByChannel = new HashMap<>();
    private int opened;

    /** Starts to follow {@code url}. */
    public NodeSubscriber(String url, String types) throws IOException, InterruptedException {
        Path folder = NodeFolder.install("node-client", "follow.js", "eventsource");
        process = new ProcessBuilder("node", "follow.js", url, types)
                .directory(folder.toFile())
                .redirectError(folder.resolve("node.err").toFile())
                .start();
        reader = Thread.ofVirtual().start(this::read);
    }

    /** The ids that arrived on a channel. */
    public synchronized List<String> received(String channel) {
        return List.copyOf(idsByChannel.getOrDefault(channel, List.of()));
    }

    /** How many events arrived. */
    public synchronized int count() {
        return idsByChannel.values().stream().mapToInt(List::size).sum();
    }

    /** How many streams were opened. */
    public synchronized int opened() {
        return opened;
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            String line;
            while ((line = lines.readLine()) != null) {
                keep(JSON.readTree(line));
            }
        } catch (IOException e) {
            // The process was ended.
        }
    }

    private synchronized void keep(JsonNode line) {
        if (line.path("opened").asBoolean()) {
            opened++;
            return;
        }
        idsByChannel
                .computeIfAbsent(line.path("channel").asText(), c -> new ArrayList<>())
                .add(line.path("id").asText());
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor();
        reader.join();
    }
}
