package io.tailrace.ingest.erasure.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Has Elasticsearch take out of its files what it has deleted. A deleted document stays in its segment until that is merged, and a
 * merge keeps it as long as a copy of the shard might have to replay its deletion: those behind the sequence number of a retention
 * lease, which Elasticsearch moves on every 30 s. Each index is written anew as one segment per shard, and needs its size on the disk
 * once more.
 */
final class IndexFiles {
    /** A merge takes as long as it takes to write an index. */
    private static final Duration TIMEOUT = Duration.ofMinutes(30);

    private static final long LOOK_MS = 500;

    /** For 90 s: three times as long as a lease takes to be moved on. */
    private static final int LOOKS = 180;

    private final IndexClient elasticsearch;
    private final String indexes;

    /**
     * The files of some indexes.
     *
     * @param prefix what their names begin with
     */
    IndexFiles(String url, String prefix) {
        this.elasticsearch = new IndexClient(url, TIMEOUT);
        this.indexes = "/" + prefix + "*";
    }

    /**
     * Does it; blocks for as long as it takes to write all indexes.
     *
     * @throws IOException if Elasticsearch does not, or a lease still keeps what was deleted
     */
    void writeAnew() throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            awaitLeases(client);
            // Of what no lease names a merge also keeps what is behind the last commit.
            post(client, "/_flush?force=true&wait_if_ongoing=true");
            post(client, "/_forcemerge?max_num_segments=1&flush=true");
            // Segments of before are deleted when neither a commit nor a searcher has them any more.
            post(client, "/_flush?force=true&wait_if_ongoing=true");
            post(client, "/_refresh");
        }
    }

    /** Waits until no lease keeps what was deleted before this was called. */
    private void awaitLeases(HttpClient client) throws IOException, InterruptedException {
        Map<String, Long> wanted = new TreeMap<>();
        forEachPrimary(
                client,
                (shard, stats) -> wanted.put(
                        shard, stats.path("seq_no").path("max_seq_no").asLong(-1)));
        for (int look = 1; ; look++) {
            Map<String, Long> kept = new TreeMap<>();
            forEachPrimary(client, (shard, stats) -> {
                for (JsonNode lease : stats.path("retention_leases").path("leases")) {
                    long from = lease.path("retaining_seq_no").asLong();
                    if (from <= wanted.getOrDefault(shard, -1L)) {
                        kept.put(shard, from);
                    }
                }
            });
            if (kept.isEmpty()) {
                return;
            }
            if (look == LOOKS) {
                throw new IOException(
                        "Elasticsearch keeps what was deleted from " + kept.keySet() + " after " + kept.values()
                                + " for a copy of the shard that is away: try again when the copy is there or given"
                                + " up");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        }
    }

    /** Takes what Elasticsearch knows of a shard. */
    private interface ShardReader {
        void read(String shard, JsonNode stats);
    }

    private void forEachPrimary(HttpClient client, ShardReader reader) throws IOException, InterruptedException {
        JsonNode found = elasticsearch.ask(client, "GET", indexes + "/_stats/docs?level=shards", null);
        found.path("indices")
                .properties()
                .forEach(index -> index.getValue().path("shards").properties().forEach(shard -> shard.getValue()
                        .forEach(copy -> {
                            if (copy.path("routing").path("primary").asBoolean()) {
                                reader.read(index.getKey() + "/" + shard.getKey(), copy);
                            }
                        })));
    }

    /** An answer is 200 also if some shards have failed. */
    private void post(HttpClient client, String path) throws IOException, InterruptedException {
        JsonNode answer = elasticsearch.ask(client, "POST", indexes + path, null);
        if (answer.path("_shards").path("failed").asInt() > 0) {
            throw new IOException("Elasticsearch did not do it for every shard: " + answer);
        }
    }
}
